using Xunit;

namespace Pondus.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Of_Values_AreCopied()
    {
        float[] values = [1f, 2f, 3f, 4f];
        Tensor x = Tensor.Of(values, [2, 2]);
        values[0] = 9f;
        Assert.Equal([1f, 2f, 3f, 4f], x.ToArray());
        Assert.Equal((2, 4), (x.Rank, x.Count));
    }

    [Fact]
    public void Of_WrongCount_NamesBoth() => Assert.Equal(
        "Tensor.Of: expected 6 values for shape (2, 3), got 2.", Assert.Throws<ShapeException>(() => Tensor.Of([1f, 2f], [2, 3])).Message);

    [Fact]
    public void Makers_Shapes_GiveTheirValues()
    {
        Assert.Equal([0f, 0f], Tensor.Zeros([2]).ToArray());
        Assert.Equal([1f, 1f], Tensor.Ones([2]).ToArray());
        Assert.Equal([7f, 7f], Tensor.Full([1, 2], 7f).ToArray());
        Assert.All(Tensor.Uniform([50], 2f, 3f, new RandomSource(1)).ToArray(), static v => Assert.InRange(v, 2f, 3f));
        Assert.Equal(Tensor.Normal([9], 1f, 2f, new RandomSource(1)).ToArray(), Tensor.Normal([9], 1f, 2f, new RandomSource(1)).ToArray());
        Assert.Equal(0, Tensor.Zeros([0, 3]).Values.Length);
    }

    [Fact]
    public void Item_NotOneValue_NamesTheShape()
    {
        Assert.Equal(5f, Tensor.Full([1, 1], 5f).Item());
        Assert.Equal("Item: expected one value, got shape (2).", Assert.Throws<ShapeException>(() => Tensor.Zeros([2]).Item()).Message);
    }

    [Fact]
    public void ToString_Tensors_ShowShapeAndValues()
    {
        Assert.Equal("Tensor () 1.5", Tensor.Full([], 1.5f).ToString());
        Assert.Equal("Tensor (2, 2) [[1, 2], [3.14159, -4E-10]]", Tensor.Of([1f, 2f, 3.14159274f, -4e-10f], [2, 2]).ToString());
        Assert.Equal("Tensor (0, 3) []", Tensor.Zeros([0, 3]).ToString());
        Assert.Equal("Tensor (2, 0) [[], []]", Tensor.Zeros([2, 0]).ToString());
        Assert.Equal("Tensor (3) [NaN, Infinity, -Infinity]", Tensor.Of(float.NaN, float.PositiveInfinity, float.NegativeInfinity).ToString());
    }

    [Fact]
    public void ToString_ManyValues_ShowsTheEnds()
    {
        Tensor x = Tensor.Of([.. Enumerable.Range(0, 100).Select(static i => (float)i)], [100]);
        Assert.Equal("Tensor (100) [0, 1, 2, ..., 97, 98, 99]", x.ToString());
        Assert.Equal("Tensor (50, 2) [[0, 1], [2, 3], [4, 5], ..., [94, 95], [96, 97], [98, 99]]", x.Reshape([50, 2]).ToString());
        // 64 values are still shown whole.
        Assert.DoesNotContain("...", Tensor.Zeros([64]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_OfEveryTensor_StartsAtACacheLine()
    {
        for (int count = 1; count < 40; count++)
        {
            Assert.Equal(0, Address(Tensor.Zeros([count])) & 63);
        }
    }

    private static unsafe nint Address(Tensor x) => (nint)x.Use().Data;
}
