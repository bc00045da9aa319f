using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class SplitTests
{
    [Fact]
    public void ByFractions_Parts_HoldEverySampleOnce()
    {
        int[][] parts = Split.ByFractions(101, [0.7, 0.2, 0.1], new RandomSource(1));
        // 70.7 rounds to 71, 90.9 to 91, the rest is 10.
        Assert.Equal([71, 20, 10], parts.Select(part => part.Length));
        Assert.Equal(Enumerable.Range(0, 101), parts.SelectMany(part => part).Order());
        Assert.NotEqual(Enumerable.Range(0, 71), parts[0]);
    }

    [Fact]
    public void ByFractions_SameSeed_GivesTheSameParts()
    {
        Assert.Equal(Split.ByFractions(50, [0.5, 0.5], new RandomSource(1)), Split.ByFractions(50, [0.5, 0.5], new RandomSource(1)));
        Assert.NotEqual(Split.ByFractions(50, [0.5, 0.5], new RandomSource(1)), Split.ByFractions(50, [0.5, 0.5], new RandomSource(2)));
    }

    [Fact]
    public void ByFractions_NotOne_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Split.ByFractions(10, [0.5, 0.6], new RandomSource(1)));
        Assert.StartsWith("Split: expected shares in [0, 1] that add up to 1, got 0.5, 0.6.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Split.ByFractions(10, [1.5, -0.5], new RandomSource(1)));
        Assert.Throws<ArgumentException>(() => Split.ByFractions(10, [double.NaN, 1], new RandomSource(1)));
    }

    [Fact]
    public void ByCounts_Stratified_GivesEachClassItsShare()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 900 ? 0 : i < 990 ? 1 : 2)];
        int[][] parts = Split.ByCounts(1000, [500, 300, 200], new RandomSource(5), labels);
        int[] shares = [900, 90, 10];
        foreach (int[] part in parts)
        {
            for (int label = 0; label < 3; label++)
            {
                double share = shares[label] * part.Length / 1000.0;
                Assert.InRange(part.Count(index => labels[index] == label), share - 1, share + 1);
            }
        }

        Assert.Equal(1000, parts.SelectMany(part => part).Distinct().Count());
        Assert.NotEqual(parts, Split.ByCounts(1000, [500, 300, 200], new RandomSource(6), labels));
    }

    [Fact]
    public void ByCounts_TooMany_ShowsThem()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Split.ByCounts(10, [8, 3], new RandomSource(1)));
        Assert.StartsWith("Split: expected parts of together at most 10 samples, got 8, 3.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(150, 5)]
    [InlineData(5, 5)]
    public void Folds_EverySample_IsTestedOnce(int count, int foldCount)
    {
        (int[] Train, int[] Test)[] folds = Split.Folds(count, foldCount, new RandomSource(1));
        Assert.Equal(Enumerable.Range(0, count), folds.SelectMany(fold => fold.Test).Order());
        foreach ((int[] train, int[] test) in folds)
        {
            Assert.Equal(Enumerable.Range(0, count), train.Concat(test).Order());
            Assert.InRange(test.Length, count / foldCount, (count / foldCount) + 1);
        }
    }

    [Fact]
    public void Folds_Stratified_AreLikeTheWhole()
    {
        int[] labels = [.. Enumerable.Range(0, 150).Select(i => i / 50)];
        foreach ((_, int[] test) in Split.Folds(150, 5, new RandomSource(1), labels))
        {
            Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(label => test.Count(index => labels[index] == label)));
        }
    }

    [Fact]
    public void Folds_OtherLabelCount_ShowsBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Split.Folds(10, 2, new RandomSource(1), new int[9]));
        Assert.StartsWith("Split: expected 10 labels, got 9.", error.Message, StringComparison.Ordinal);
    }
}
