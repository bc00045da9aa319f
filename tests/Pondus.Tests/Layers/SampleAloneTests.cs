using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Layers of images and signals take a sample without a batch axis, as PyTorch's do, and give the numbers of a batch of one.</summary>
public sealed class SampleAloneTests
{
    public static TheoryData<string> Names => new(Layers.Keys);

    private static Dictionary<string, Func<Layer>> Layers { get; } = new(StringComparer.Ordinal)
    {
        ["max pooling"] = static () => new MaxPool2d(2),
        ["mean pooling of signals"] = static () => new AvgPool1d(2),
        ["adaptive pooling"] = static () => new AdaptiveMaxPool2d(3),
        ["global mean"] = static () => new GlobalAvgPool2d(),
        ["global maximum"] = static () => new GlobalMaxPool2d(),
        ["padding"] = static () => new ReflectionPad2d(1),
        ["padding of signals"] = static () => new ConstantPad1d(1, 2f),
        ["resizing"] = static () => new Upsample(2, UpsampleMode.Bilinear),
        ["pixel shuffle"] = static () => new PixelShuffle(2),
        ["pixel unshuffle"] = static () => new PixelUnshuffle(2),
        ["instance norm"] = static () => new InstanceNorm2d(4, affine: true),
        ["instance norm of signals"] = static () => new InstanceNorm1d(4),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_SampleAlone_GivesWhatABatchOfOneGives(string name)
    {
        Layer layer = Layers[name]();
        int[] sample = name.EndsWith("signals", StringComparison.Ordinal) ? [4, 6] : [4, 6, 8];
        float[] values = Tensor.Normal(new Shape(sample), 0f, 1f, new RandomSource(1)).ToArray();
        (int[] aloneShape, float[] alone, float[] aloneGradient) = Run(layer, Tensor.Of(values, new Shape(sample)));
        (int[] batchShape, float[] batch, float[] batchGradient) = Run(layer, Tensor.Of(values, new Shape([1, .. sample])));
        Assert.Equal(batchShape, (int[])[1, .. aloneShape]);
        Assert.Equal(batch, alone);
        Assert.Equal(batchGradient, aloneGradient);
        Assert.Equal(layer.OutputShape(new Shape(sample)).ToArray(), aloneShape);
    }

    private static (int[] Shape, float[] Values, float[] Gradient) Run(Layer layer, Tensor values)
    {
        Pondus.Step.Begin();
        Tensor x = values.WithGradient(), y = layer.Forward(x);
        (y * y).Sum().Backward();
        (int[], float[], float[]) result = (y.Shape.ToArray(), y.ToArray(), x.Gradient.ToArray());
        Pondus.Step.End();
        return result;
    }
}
