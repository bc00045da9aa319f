using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class LettersTests
{
    [Fact]
    public void Generate_Seed_GivesTheBitsThatItAlwaysGave()
    {
        // The hash was taken when the drawing was last changed on purpose; it may change only so.
        Assert.Equal("2b174847568089b08e7bcb23224f193741216d59940e6cc7a59c86f9c3c1566d", Letters.Generate(60, new RandomSource(7)).Sha256());
    }

    [Fact]
    public void Generate_LongerSet_BeginsWithTheShorter()
    {
        Dataset few = Letters.Generate(7, new RandomSource(1)), many = Letters.Generate(20, new RandomSource(1));
        Assert.Equal(few.Inputs, many.Inputs.AsSpan(0, few.Inputs.Length).ToArray());
        Assert.NotEqual(few.Inputs, Letters.Generate(7, new RandomSource(2)).Inputs);
    }

    [Fact]
    public void Generate_Classes_AreBalancedAndInRange()
    {
        Dataset data = Letters.Generate(300, new RandomSource(1), new LettersOptions { Size = 20 });
        Assert.Equal([1, 20, 20], data.InputShape);
        Assert.Equal([100, 100, 100], Enumerable.Range(0, 3).Select(label => data.Labels!.Count(item => item == label)));
        Assert.Equal(["A", "B", "C"], data.ClassNames);
        Assert.All(data.Inputs, pixel => Assert.InRange(pixel, 0f, 1f));
    }

    [Fact]
    public void Generate_WithoutVariation_PutsInkWhereTheStrokesAre()
    {
        LettersOptions plain = new() { Jitter = 0, Rotation = 0, Shear = 0, Scaling = 0, Shift = 0, Noise = 0, MinThickness = 0.1f, MaxThickness = 0.1f };
        Dataset data = Letters.Generate(3, new RandomSource(1), plain);
        ReadOnlySpan<float> a = data.Input(0), b = data.Input(1), c = data.Input(2);
        // A has its top in the middle and open feet; B a stem at the left; C nothing at the right of its middle row.
        Assert.True(Max(a, 4, 6, 12, 16) > 0.7f);
        Assert.Equal(0f, Max(a, 22, 24, 12, 16));
        Assert.True(Min(b, 6, 22, 8, 9) > 0.7f);
        Assert.Equal(0f, Max(c, 13, 15, 17, 28));
        Assert.True(Max(c, 13, 15, 6, 9) > 0.7f);
    }

    private static float Max(ReadOnlySpan<float> picture, int top, int bottom, int left, int right)
    {
        float max = 0;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                max = Math.Max(max, picture[(28 * row) + column]);
            }
        }

        return max;
    }

    private static float Min(ReadOnlySpan<float> picture, int top, int bottom, int left, int right)
    {
        float min = 1;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                min = Math.Min(min, picture[(28 * row) + column]);
            }
        }

        return min;
    }
}
