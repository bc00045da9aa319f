using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed class PermutationsTests
{
    [Fact]
    public void Fill_CountsTo300_IsAPermutation()
    {
        for (int count = 1; count <= 300; count++)
        {
            AssertPermutation(Whole((ulong)count, count));
        }
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public void Fill_LargeCounts_IsAPermutation(int count) => AssertPermutation(Whole(5, count));

    [Fact]
    public void Fill_HugeCount_StaysWithin()
    {
        int[] values = new int[1000];
        Permutations.Fill(3, int.MaxValue, int.MaxValue - 1000, values);
        Assert.Equal(1000, values.Distinct().Count());
        Assert.DoesNotContain(values, value => value is < 0 or int.MaxValue);
    }

    [Fact]
    public void Fill_AnyPart_EqualsThatPartOfTheWhole()
    {
        int[] whole = Whole(7, 1000);
        foreach ((int start, int length) in ((int, int)[])[(0, 1), (1, 16), (17, 33), (983, 17), (500, 0)])
        {
            int[] part = new int[length];
            Permutations.Fill(7, 1000, start, part);
            Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
        }
    }

    [Fact]
    public void Fill_OutsideTheRange_IsRefused()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Permutations.Fill(1, 10, 8, new int[3]));
        Assert.Contains("within [0, 10), got 8 to 11", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(70_001)]
    public void Fill_AnyCount_FollowsTheScalarNetwork(int count)
    {
        const ulong Key = 42;
        uint[] keys = new uint[8];
        Philox.Block(Key, 0, keys);
        Philox.Block(Key, 1, keys.AsSpan(4));
        uint a = (uint)Math.Ceiling(Math.Sqrt(count)), b = ((uint)count + a - 1) / a;
        int[] order = Whole(Key, count);
        for (int i = 0; i < count; i++)
        {
            uint value = (uint)i;
            do
            {
                uint left = value / b, right = value % b;
                for (int round = 0; round < 8; round += 2)
                {
                    left = (left + ((Hash(right, keys[round]) * a) >> 16)) % a;
                    right = (right + ((Hash(left, keys[round + 1]) * b) >> 16)) % b;
                }

                value = (left * b) + right;
            }
            while (value >= count);

            Assert.Equal((int)value, order[i]);
        }
    }

    [Fact]
    public void Fill_DifferentKeys_FixPointsAgreeingByChanceOnly()
    {
        // Two random orders agree in one place on average, with variance 1; over 200 keys the mean has a deviation of 0.07.
        const int Count = 1000, Keys = 200;
        double agreements = 0, fixedPoints = 0, correlation = 0;
        int[] previous = Whole(0, Count);
        for (ulong key = 1; key <= Keys; key++)
        {
            int[] order = Whole(key, Count);
            for (int i = 0; i < Count; i++)
            {
                agreements += order[i] == previous[i] ? 1 : 0;
                fixedPoints += order[i] == i ? 1 : 0;
                correlation += (i - 499.5) * (order[i] - 499.5);
            }

            previous = order;
        }

        Assert.InRange(agreements / Keys, 0.6, 1.4);
        Assert.InRange(fixedPoints / Keys, 0.6, 1.4);

        // One order's coefficient has a deviation of 1 / sqrt(999); the mean over 200 keys 0.0022.
        Assert.InRange(correlation / Keys / (Count * ((double)Count * Count - 1) / 12), -0.012, 0.012);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(100)]
    public void Fill_ManyKeys_PutEachValueEverywhereEquallyOften(int count)
    {
        const int Keys = 20_000;
        int[] cells = new int[count * count];
        for (ulong key = 0; key < Keys; key++)
        {
            int[] order = Whole(key * 977, count);
            for (int i = 0; i < count; i++)
            {
                cells[(i * count) + order[i]]++;
            }
        }

        double expected = Keys / (double)count, chiSquare = cells.Sum(cell => (cell - expected) * (cell - expected) / expected);
        double freedom = (count - 1.0) * (count - 1);

        // Mean (count - 1)^2 and variance twice that; seven deviations.
        Assert.InRange(chiSquare, 0, freedom + (7 * Math.Sqrt(2 * freedom)));
    }

    [Fact]
    public void Fill_NeighboringPositions_AreIndependent()
    {
        // The pair of two neighbors' thirty-seconds of the range: 1,024 cells, chi-square with deviation sqrt(2046) = 45.
        const int Count = 1_000_000;
        int[] order = Whole(11, Count), cells = new int[1024];
        for (int i = 0; i + 1 < Count; i++)
        {
            cells[((int)(order[i] * 32L / Count) * 32) + (int)(order[i + 1] * 32L / Count)]++;
        }

        double expected = (Count - 1) / 1024.0;
        Assert.InRange(cells.Sum(cell => (cell - expected) * (cell - expected) / expected), 700, 1400);
    }

    private static uint Hash(uint x, uint key)
    {
        x = unchecked((x ^ key) * 0x9E3779B1);
        x ^= x >> 15;
        return unchecked(x * 0x85EBCA77) >> 16;
    }

    private static int[] Whole(ulong key, int count)
    {
        int[] values = new int[count];
        Permutations.Fill(key, count, 0, values);
        return values;
    }

    private static void AssertPermutation(int[] values)
    {
        bool[] seen = new bool[values.Length];
        foreach (int value in values)
        {
            Assert.InRange(value, 0, values.Length - 1);
            Assert.False(seen[value]);
            seen[value] = true;
        }
    }
}
