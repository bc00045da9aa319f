using Xunit;

namespace Pondus.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void Constructor_Sizes_GiveRankCountAndText()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal((3, 24, 4, 2, 4), (shape.Rank, shape.Count, shape.Last, shape[0], shape[^1]));
        Assert.Equal("(2, 3, 4)", shape.ToString());
        Assert.Equal("()", new Shape().ToString());
        Assert.Equal([2, 3, 4], shape.ToArray());
    }

    [Fact]
    public void Constructor_NoAxes_IsOneNumber()
    {
        Shape scalar = [];
        Assert.Equal((0, 1, 1), (scalar.Rank, scalar.Count, scalar.Last));
    }

    [Fact]
    public void Constructor_ZeroSize_HoldsNothing()
    {
        Assert.Equal(0, new Shape(0, 5).Count);
        Assert.Equal(0, new Shape(5, 0).Count);
    }

    [Fact]
    public void Constructor_TooManyAxes_IsRefused()
    {
        Assert.Equal(8, new Shape(1, 1, 1, 1, 1, 1, 1, 1).Rank);
        Assert.Equal("Shape: expected at most 8 axes, got 9.", Assert.Throws<ShapeException>(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1)).Message);
    }

    [Fact]
    public void Constructor_NegativeSize_IsNamed() =>
        Assert.Equal("Shape: expected sizes of at least 0, got -1 at axis 1.", Assert.Throws<ShapeException>(() => new Shape(3, -1)).Message);

    [Theory]
    [InlineData(65536, 65536)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Constructor_TooManyValues_IsRefusedBeforeItOverflows(int rows, int columns) =>
        Assert.Equal($"Shape: expected at most {Array.MaxLength} values, got ({rows}, {columns}).", Assert.Throws<ShapeException>(() => new Shape(rows, columns)).Message);

    [Fact]
    public void Equality_Shapes_CompareTheirSizes()
    {
        Shape left = [2, 3], same = [2, 3], other = [3, 2], longer = [2, 3, 1];
        Assert.True(left == same && left.Equals(same) && left.Equals((object)same) && left.GetHashCode() == same.GetHashCode());
        Assert.True(left != other && left != longer && !left.Equals((object)"(2, 3)"));
    }

    [Fact]
    public void Indexer_AxisOutside_IsRefused()
    {
        Shape shape = [2, 3];
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[^3]);
    }
}
