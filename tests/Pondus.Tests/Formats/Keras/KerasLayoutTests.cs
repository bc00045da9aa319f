using Pondus.Formats;
using Pondus.Formats.Keras;
using Xunit;

namespace Pondus.Tests.Formats.Keras;

public sealed class KerasLayoutTests
{
    // Each value says where it lies in Keras' order: digits are the places along the axes.
    [Theory]
    [InlineData("fc/kernel", new[] { 2, 3 }, new long[] { 3, 2 }, new float[] { 0, 10, 1, 11, 2, 12 })]
    [InlineData("conv/kernel", new[] { 1, 2, 2, 2 }, new long[] { 2, 2, 1, 2 }, new float[] { 0, 100, 10, 110, 1, 101, 11, 111 })]
    [InlineData("depthwise/depthwise_kernel", new[] { 2, 1, 2, 2 }, new long[] { 4, 1, 2, 1 }, new float[] { 0, 1000, 1, 1001, 10, 1010, 11, 1011 })]
    [InlineData("attention/query/kernel", new[] { 2, 2, 2 }, new long[] { 4, 2 }, new float[] { 0, 100, 1, 101, 10, 110, 11, 111 })]
    [InlineData("attention/attention_output/kernel", new[] { 2, 2, 1 }, new long[] { 1, 4 }, new float[] { 0, 10, 100, 110 })]
    [InlineData("attention/key/bias", new[] { 2, 2 }, new long[] { 4 }, new float[] { 0, 1, 10, 11 })]
    [InlineData("norm/gamma", new[] { 3 }, new long[] { 3 }, new float[] { 0, 1, 2 })]
    [InlineData("embedding/embeddings", new[] { 2, 2 }, new long[] { 2, 2 }, new float[] { 0, 1, 10, 11 })]
    public void ToPyTorch_WeightsOfEachKind_AreTurned(string name, int[] shape, long[] expectedShape, float[] expected)
    {
        WeightEntry turned = KerasLayout.ToPyTorch(WeightEntry.OfSingle(name, shape, Places(shape)));

        Assert.Equal(expectedShape, turned.Shape.ToArray());
        Assert.Equal(expected, turned.ReadSingle());
    }

    private static float[] Places(int[] shape)
    {
        float[] values = [0];
        foreach (int size in shape)
        {
            values = [.. values.SelectMany(value => Enumerable.Range(0, size).Select(place => (10 * value) + place))];
        }

        return values;
    }
}
