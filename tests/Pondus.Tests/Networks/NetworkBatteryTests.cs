using Pondus.Layers;
using Pondus.Networks;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Networks;

/// <summary>Every network, one line each, goes through what layers go through.</summary>
public sealed class NetworkBatteryTests
{
    private static readonly ResNetOptions s_small = new() { Depths = [1, 2], Widths = [4, 8], StemWidth = 4, SmallStem = true };

    private static readonly LayerCase[] s_all =
    [
        new(r => new Mlp([3, 4], [7, 5], 2, r), [5, 3, 4], "Mlp(12 -> 7 -> 5 -> 2)"),
        new(r => new Mlp([6], [], 2, r), [5, 6], "Mlp(6 -> 2)"),
        new(r => new Mlp([6], [8], 2, r, static () => new Tanh(), 0.1f), [5, 6], "Mlp(6 -> 8 -> 2)"),
        new(r => new LeNet([1, 28, 28], 10, r), [3, 1, 28, 28], "LeNet(1 -> 10)"),
        new(r => new LeNet([2, 36, 33], 4, r), [3, 2, 36, 33], "LeNet(2 -> 4)"),
        new(r => new ResNet(3, 10, s_small, r), [4, 3, 8, 6], "ResNet(3 -> 10, blocks 1-2)"),
        new(r => new ResNet(2, 6, s_small with { PadsShortcuts = true }, r), [4, 2, 7, 9], "ResNet(2 -> 6, blocks 1-2)"),
        new(r => new ResNet(3, 5, s_small with { Bottleneck = true, SmallStem = false }, r), [4, 3, 32, 32], "ResNet(3 -> 5, blocks 1-2)"),
        new(r => new MobileNetV2(3, 7, r, new MobileNetV2Options { WidthMultiplier = 0.1f, ExpandRatio = 2, Halvings = 2 }), [4, 3, 16, 12], "MobileNetV2(3 -> 7)"),
        new(r => new UNet(2, 3, [4, 6, 8], r), [3, 2, 8, 12], "UNet(2 -> 3, 3 levels)"),
        new(r => Autoencoder.Dense([2, 3, 4], [10], 3, r), [5, 2, 3, 4], "Autoencoder(2, 3, 4)"),
        new(r => Autoencoder.Convolutional([1, 8, 4], [4, 6], r), [5, 1, 8, 4], "Autoencoder(1, 8, 4)"),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_all.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void OutputShape_SameAsOfForward(int index) => LayerBattery.OutputShape(s_all[index]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Constructor_SameSeed_GivesTheSameBits(int index) => LayerBattery.SameSeed(s_all[index]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_SavedAndLoaded_GiveTheSameOutput(int index) => LayerBattery.SaveAndLoad(s_all[index]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_RowsAlone_GiveTheBitsOfTheBatch(int index) => LayerBattery.RowsAlone(s_all[index]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_SteadySteps_AllocateNothing(int index) =>
        Assert.Equal(0, BytesOfAStep(s_all[index].Make(new RandomSource(1)).Forward, Tensor.Normal(new Shape(s_all[index].InputShape), 0f, 1f, new RandomSource(2))));

    [Fact]
    public void Backward_SteadyStepsOfNetworksWithoutACase_AllocateNothing()
    {
        RandomSource random = new(1);
        MobileNetV2 padded = new(3, 7, random, new MobileNetV2Options { WidthMultiplier = 0.1f, ExpandRatio = 2, Halvings = 2, PadsAsTensorFlow = true });
        DiffusionUNet noise = new(1, [8, 8, 16], random, timeWidth: 8);
        VisionTransformer vision = new(new VisionTransformerSettings { ImageSize = 8, PatchSize = 4, Channels = 1, Width = 8, Heads = 2, Layers = 1 }, random);
        Tensor times = Tensor.Of(3f, 70f);
        Assert.Equal(0, BytesOfAStep(padded.Forward, Tensor.Normal([2, 3, 15, 12], 0f, 1f, random)));
        Assert.Equal(0, BytesOfAStep(x => noise.Forward(x, times), Tensor.Normal([2, 1, 8, 8], 0f, 1f, random)));
        Assert.Equal(0, BytesOfAStep(vision.Forward, Tensor.Normal([2, 1, 8, 8], 0f, 1f, random)));
    }

    private static long BytesOfAStep(Func<Tensor, Tensor> forward, Tensor x)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            Step.Begin(new PassContext(IsTraining: true, StepNumber: i));
            long before = GC.GetAllocatedBytesForCurrentThread();
            forward(x).Square().Sum().Backward();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Step.End();
        }

        return least;
    }

    [Theory]
    [InlineData(18, 11_689_512)]
    [InlineData(34, 21_797_672)]
    [InlineData(50, 25_557_032)]
    public void ResNet_OfTorchvision_HasItsNumberOfParameters(int depth, int expected) =>
        Assert.Equal(expected, new ResNet(3, 1000, ResNetOptions.OfDepth(depth), new RandomSource(1)).Summary().Total);

    [Theory]
    [InlineData(20, 269_722)] // table 6 of the paper: 0.27 M, and one bias a class more
    [InlineData(56, 853_018)] // 0.85 M
    public void ResNet_ForCifar_HasThePapersNumberOfParameters(int depth, int expected) =>
        Assert.Equal(expected, new ResNet(3, 10, ResNetOptions.OfDepth(depth), new RandomSource(1)).Summary().Total);

    [Fact]
    public void MobileNetV2_OfTorchvision_HasItsNumberOfParametersAndNames()
    {
        MobileNetV2 network = new(3, 1000, new RandomSource(1));
        Assert.Equal(3_504_872, network.Summary().Total);
        string[] names = [.. network.NamedParameters().Select(static p => p.Name)];
        Assert.Contains("features.0.0.weight", names);
        Assert.Contains("features.1.conv.1.weight", names);
        Assert.Contains("features.2.conv.1.0.weight", names);
        Assert.Contains("features.18.1.bias", names);
        Assert.Contains("classifier.1.weight", names);
    }

    [Fact]
    public void UNet_SizesThatCannotBeHalved_AreRefused() =>
        Assert.Equal("UNet: expected pictures with sizes divisible by 4, got (1, 1, 6, 8).", Assert.Throws<ShapeException>(() => new UNet(1, 2, [2, 2, 2], new RandomSource(1)).Forward(Tensor.Zeros([1, 1, 6, 8]))).Message);

    [Fact]
    public void LeNet_SmallPictures_AreRefused() =>
        Assert.Equal("LeNet: expected pictures of (channels, height, width) from 28 x 28 on, got (1, 20, 28).", Assert.Throws<ShapeException>(() => new LeNet([1, 20, 28], 2, new RandomSource(1))).Message);
}
