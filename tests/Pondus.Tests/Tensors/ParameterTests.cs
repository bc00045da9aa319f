using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Tensors;

public sealed class ParameterTests
{
    [Fact]
    public void Set_Values_AreCopiedAndFollowedByTensors()
    {
        Linear layer = new(2, 1, new RandomSource(1));
        Tensor view = layer.Weight;
        layer.Weight.Set([3f, 4f]);
        Assert.Equal([3f, 4f], view.ToArray());
        Assert.Equal("weight (1, 2)", layer.Weight.ToString());
    }

    [Fact]
    public void Set_WrongCount_NamesParameterAndCounts() => Assert.Equal(
        "Parameter 'weight' (1, 2): expected 2 values, got 3.",
        Assert.Throws<ShapeException>(() => new Linear(2, 1, new RandomSource(1)).Weight.Set([1f, 2f, 3f])).Message);

    [Fact]
    public void Values_OfNeighbors_DoNotOverlap()
    {
        RandomSource random = new(1);
        Parameter[] all = [.. Enumerable.Range(1, 200).Select(i => new Linear(i, 1 + (i % 3), random).Weight)];
        for (int i = 0; i < all.Length; i++)
        {
            all[i].Set([.. Enumerable.Repeat((float)i, all[i].Count)]);
        }

        Assert.All(all, static (p, i) => Assert.All(p.ToArray(), v => Assert.Equal(i, v)));
    }

    [Fact]
    public void Constructor_LargerThanASlab_HasOneOfItsOwn()
    {
        Linear large = new(1000, 400, new RandomSource(1)), next = new(2, 2, new RandomSource(1));
        next.Weight.Set([1f, 2f, 3f, 4f]);
        large.Weight.Set(new float[400_000]);
        Assert.Equal([1f, 2f, 3f, 4f], next.Weight.ToArray());
    }
}
