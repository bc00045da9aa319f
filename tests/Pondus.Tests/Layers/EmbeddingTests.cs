using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class EmbeddingTests
{
    [Fact]
    public void Forward_Indices_GivesTheirRows()
    {
        Embedding layer = new(3, 2, new RandomSource(1));
        layer.Weight.Set([0f, 1f, 10f, 11f, 20f, 21f]);
        Assert.Equal([20f, 21f, 0f, 1f], layer.Forward(Tensor.Of(2f, 0f)).ToArray());
        Tensor y = layer.Forward([1, 1], [2, 1]);
        Assert.Equal([2, 1, 2], y.Shape.ToArray());
        Assert.Equal([10f, 11f, 10f, 11f], y.ToArray());
    }

    [Fact]
    public void Backward_RepeatedIndex_AddsItsGradientsAndLeavesThePaddingOut()
    {
        Embedding layer = new(4, 2, new RandomSource(1), paddingIndex: 3);
        Assert.Equal([0f, 0f], layer.Weight.Values[6..].ToArray());
        Pondus.Step.Begin();
        Tensor upstream = Tensor.Of([1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f], [4, 2]);
        (layer.Forward(Tensor.Of(2f, 3f, 2f, 0f)) * upstream).Sum().Backward();
        Pondus.Step.End();
        // Index 2 stands at places 0 and 2: 1 + 5 and 2 + 6.
        Assert.Equal([7f, 8f, 0f, 0f, 6f, 8f, 0f, 0f], layer.Weight.Gradient.ToArray());
    }

    [Theory]
    [InlineData(1.5f, "Embedding(3 x 2): expected whole numbers in [0, 3), got 1.5 at place 1 of (2).")]
    [InlineData(3f, "Embedding(3 x 2): expected whole numbers in [0, 3), got 3 at place 1 of (2).")]
    [InlineData(-1f, "Embedding(3 x 2): expected whole numbers in [0, 3), got -1 at place 1 of (2).")]
    [InlineData(float.NaN, "Embedding(3 x 2): expected whole numbers in [0, 3), got NaN at place 1 of (2).")]
    public void Forward_NoIndex_NamesThePlace(float value, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => new Embedding(3, 2, new RandomSource(1)).Forward(Tensor.Of(0f, value))).Message);

    [Fact]
    public void Forward_IntegersOutside_NamesThePlace()
    {
        Embedding layer = new(3, 2, new RandomSource(1));
        Assert.Equal("Embedding(3 x 2): expected whole numbers in [0, 3), got -2 at place 0 of (1).", Assert.Throws<ShapeException>(() => layer.Forward([-2], [1])).Message);
        Assert.Equal("Embedding(3 x 2): expected 2 indices for shape (2), got 1.", Assert.Throws<ShapeException>(() => layer.Forward([1], [2])).Message);
    }

    [Fact]
    public void Constructor_PaddingOutside_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(3, 2, new RandomSource(1), paddingIndex: 3));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Backward_AnyThreadCount_GivesTheSameBits(int threads)
    {
        float[] Gradient(int count)
        {
            using PoolThreads _ = new(count);
            Embedding layer = new(65, 128, new RandomSource(1));
            RandomSource random = new(2);
            int[] indices = [.. Enumerable.Range(0, 2048).Select(i => random.NextInt32(65))];
            Pondus.Step.Begin();
            (layer.Forward(indices, [16, 128]) * Tensor.Normal([16, 128, 128], 0f, 1f, random)).Sum().Backward();
            Pondus.Step.End();
            return layer.Weight.Gradient.ToArray();
        }

        Assert.Equal(Gradient(1), Gradient(threads));
    }
}
