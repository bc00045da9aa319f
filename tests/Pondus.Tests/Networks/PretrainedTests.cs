using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Networks;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Networks;

/// <summary>Weights that other libraries trained or wrote load by name, and give the outputs that those libraries give.</summary>
public sealed class PretrainedTests
{
    private const float Tolerance = 1e-4f;

    [Fact]
    public void ResNet_HuggingFaceClassifier_GivesItsLogits()
    {
        string folder = TestData.PathOf("fixtures/transformers/resnet");
        ResNetOptions options = new() { Depths = [1, 2, 1, 1], Widths = [8, 16, 24, 32], StemWidth = 8, Bottleneck = true };
        AssertLogits(new ResNet(3, 5, options, new RandomSource(1)), folder);
    }

    [Fact]
    public void MobileNetV2_HuggingFaceClassifier_GivesItsLogits()
    {
        string folder = TestData.PathOf("fixtures/transformers/mobilenet_v2");
        MobileNetV2Options options = new() { WidthMultiplier = 0.07f, ExpandRatio = 3, Epsilon = 1e-3f, PadsAsTensorFlow = true, ShortcutInFirstBlock = false };
        AssertLogits(new MobileNetV2(3, 5, new RandomSource(1), options), folder);
    }

    [Fact]
    public void ResNet_OfTwentyLayersForCifar_GivesItsLogits()
    {
        string folder = TestData.PathOf("weights/resnet20-cifar10");
        ResNet network = new(3, 10, ResNetOptions.OfDepth(20), new RandomSource(1));
        ModuleWeights.Load(network, Path.Combine(folder, "resnet20-12fca82f.th"), NameMap.ToTorchvision);
        string expected = Path.Combine(folder, "expected.npz");
        AssertClose(NpzFile.Read(expected, "logits").Values, network.Forward(Of(NpzFile.Read(expected, "inputs"))));
    }

    [Fact]
    public void LeNet_OfMnist_GivesItsLogProbabilities()
    {
        string folder = TestData.PathOf("weights/mnist-lenet-gan");
        LeNet network = new([1, 32, 32], 10, new RandomSource(1));
        ModuleWeights.Load(network, Path.Combine(folder, "lenet_epoch=12_test_acc=0.991.pth"));
        string expected = Path.Combine(folder, "expected.npz");
        Tensor logits = network.Forward(Of(NpzFile.Read(expected, "lenet_inputs_resized")));
        AssertClose(NpzFile.Read(expected, "lenet_log_softmax_resized").Values, logits.LogSoftmax());
    }

    [Fact]
    public void LeNet_OfMnist_PadsPicturesOf28()
    {
        string folder = TestData.PathOf("weights/mnist-lenet-gan"), digits = TestData.PathOf("images/mnist/t10k-images-idx3-ubyte.gz");
        LeNet network = new([1, 28, 28], 10, new RandomSource(1));
        ModuleWeights.Load(network, Path.Combine(folder, "lenet_epoch=12_test_acc=0.991.pth"));
        float[] pixels = [.. Pondus.Data.IdxFile.Load(digits).Data[..(20 * 784)].ToArray().Select(b => b / 255f)];
        Tensor logits = network.Forward(Tensor.Of(pixels, [20, 1, 28, 28]));
        AssertClose(NpzFile.Read(Path.Combine(folder, "expected.npz"), "lenet_log_softmax_padded").Values, logits.LogSoftmax());
    }

    [Fact]
    public void Sequential_GeneratorAndDiscriminatorOfDigits_GiveTheirPicturesAndVerdicts()
    {
        string folder = TestData.PathOf("weights/mnist-lenet-gan"), expected = Path.Combine(folder, "expected.npz");
        RandomSource random = new(1);
        Sequential generator = new(new Linear(64, 256, random), new Relu(), new Linear(256, 256, random), new Relu(), new Linear(256, 784, random), new Tanh());
        Sequential discriminator = new(new Linear(784, 256, random), new LeakyRelu(0.2f), new Linear(256, 256, random), new LeakyRelu(0.2f), new Linear(256, 1, random), new Sigmoid());
        ModuleWeights.Load(generator, Path.Combine(folder, "G--300.ckpt"));
        ModuleWeights.Load(discriminator, Path.Combine(folder, "D--300.ckpt"));
        Tensor pictures = generator.Forward(Of(NpzFile.Read(expected, "gan_z")));
        AssertClose(NpzFile.Read(expected, "gan_images").Values, pictures);
        AssertClose(NpzFile.Read(expected, "gan_discriminator_of_generated").Values, discriminator.Forward(pictures));
    }

    private static void AssertLogits(Layer network, string folder)
    {
        ModuleWeights.Load(network, Path.Combine(folder, "model.safetensors"), NameMap.ToTorchvision);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        Tensor x = Tensor.Of(expected.ReadSingle("pixel_values"), [2, 3, 32, 32]);
        AssertClose(expected.ReadSingle("logits"), network.Forward(x));
    }

    private static Tensor Of((int[] Shape, float[] Values) array) => Tensor.Of(array.Values, new Shape(array.Shape));

    private static void AssertClose(float[] expected, Tensor actual)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        float largest = expected.Zip(values, static (e, a) => MathF.Abs(e - a)).Max();
        Assert.True(largest <= Tolerance, $"expected a difference of at most {Tolerance}, got {largest}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest}");
    }
}
