using Xunit;

namespace Pondus.Tests.Tensors;

public sealed class RandomSourceTests
{
    private const int Draws = 1_000_000;

    /// <summary>Counter, key and result as published with Random123 1.09 (kat_vectors, philox4x32 with 10 rounds).</summary>
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Rounds_KnownAnswers_AreThoseOfPhilox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        Pondus.Kernels.Philox.Rounds(ref c0, ref c1, ref c2, ref c3, k0, k1);
        Assert.Equal((r0, r1, r2, r3), (c0, c1, c2, c3));
    }

    [Fact]
    public void NextUInt32_KeyZero_StartsWithTheKnownBlock()
    {
        RandomSource random = new(0);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], new[] { random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32() });
        Assert.Equal(4UL, random.Position);
    }

    [Fact]
    public void Position_SetAnywhere_GivesTheNumbersFromThere()
    {
        RandomSource random = new(42);
        uint[] all = [.. Enumerable.Range(0, 50).Select(_ => random.NextUInt32())];
        for (int position = 0; position < 50; position++)
        {
            random.Position = (ulong)position;
            Assert.Equal(all[position], random.NextUInt32());
            Assert.Equal(all[position], new RandomSource(42, (ulong)position).NextUInt32());
        }
    }

    [Fact]
    public void Stream_Names_GiveIndependentNumbersAndLeaveTheSource()
    {
        RandomSource root = new(1);
        RandomSource[] streams = [root.Stream("a"), root.Stream("b"), root.Stream(0), root.Stream(1), root.Stream(-1), root.Stream("a").Stream("a"), new RandomSource(2).Stream("a"), new(1)];
        Assert.Equal(0UL, root.Position);
        Assert.Equal(root.Stream("a").NextUInt32(), root.Stream("a").NextUInt32());
        Assert.Equal(root.Stream(5).Key, root.DeriveKey(5));
        float[][] draws = [.. streams.Select(static s => Enumerable.Range(0, 20_000).Select(_ => s.NextSingle() - 0.5f).ToArray())];
        for (int i = 0; i < draws.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // The correlation of independent numbers has deviation 1 / sqrt(20,000) = 0.007; five of them.
                double correlation = 12 * draws[i].Zip(draws[j]).Average(static p => (double)p.First * p.Second);
                Assert.Equal(0, correlation, 0.036);
            }
        }
    }

    [Fact]
    public void NextSingle_ManyDraws_AreUniform()
    {
        RandomSource random = new(3);
        double sum = 0, squares = 0;
        int[] bins = new int[10];
        for (int i = 0; i < Draws; i++)
        {
            float v = random.NextSingle();
            Assert.True(v is >= 0f and < 1f);
            sum += v;
            squares += v * v;
            bins[(int)(v * 10)]++;
        }

        double mean = sum / Draws;
        // Deviations: 1 / sqrt(12 n) = 0.00029 of the mean, sqrt(1/180 / n) = 0.000075 of the variance, sqrt(0.09 n) = 300 of a bin; five of each.
        Assert.Equal(0.5, mean, 0.0015);
        Assert.Equal(1.0 / 12, (squares / Draws) - (mean * mean), 0.0004);
        Assert.All(bins, static count => Assert.InRange(count, 98_500, 101_500));
    }

    [Fact]
    public void NextNormal_ManyDraws_HaveTheMomentsOfANormal()
    {
        RandomSource random = new(3);
        double[] moments = new double[5];
        for (int i = 0; i < Draws; i++)
        {
            double z = random.NextNormal(), power = 1;
            for (int k = 1; k <= 4; k++)
            {
                moments[k] += power *= z;
            }
        }

        // Deviations of the k-th moment: 1, sqrt 2, sqrt 15, sqrt 96 over sqrt n; five of each.
        Assert.Equal(0, moments[1] / Draws, 0.005);
        Assert.Equal(1, moments[2] / Draws, 0.0071);
        Assert.Equal(0, moments[3] / Draws, 0.0194);
        Assert.Equal(3, moments[4] / Draws, 0.049);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void NextInt32_ManyDraws_FavorsNone(int bound)
    {
        RandomSource random = new(5);
        int count = 20_000 * Math.Min(bound, 10);
        int[] bins = new int[Math.Min(bound, 10)];
        for (int i = 0; i < count; i++)
        {
            int v = random.NextInt32(bound);
            Assert.InRange(v, 0, bound - 1);
            bins[(int)((long)v * bins.Length / bound)]++;
        }

        Assert.All(bins, static n => Assert.InRange(n, 19_300, 20_700));
    }

    /// <summary>With a range of 3/4 of 2^31 the share of each third shows a bias that few bits would leave.</summary>
    [Fact]
    public void NextInt32_LargeBound_FavorsNone()
    {
        const int Bound = 3 << 29;
        RandomSource random = new(5);
        int[] thirds = new int[3], rests = new int[3];
        for (int i = 0; i < 300_000; i++)
        {
            int v = random.NextInt32(Bound);
            thirds[v >> 29]++;
            rests[v % 3]++;
        }

        // The deviation of 100,000 of 300,000 is 258; five of them.
        Assert.All(thirds.Concat(rests), static n => Assert.InRange(n, 98_700, 101_300));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
    }

    [Fact]
    public void Permutation_Orders_AreWholeAndAllPossible()
    {
        RandomSource random = new(5);
        Assert.Equal(Enumerable.Range(0, 100), random.Permutation(100).Order());
        Assert.Empty(random.Permutation(0));
        Dictionary<string, int> seen = [];
        for (int i = 0; i < 6000; i++)
        {
            string order = string.Concat(random.Permutation(3));
            seen[order] = seen.GetValueOrDefault(order) + 1;
        }

        // Six orders, 1,000 each; the deviation is sqrt(6000 * 5/36) = 29, five of them.
        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, static n => Assert.InRange(n, 855, 1145));
    }

    [Fact]
    public void Fill_Ranges_MoveThePositionByWhatTheyDraw()
    {
        RandomSource random = new(9);
        float[] values = new float[100];
        random.FillUniform(values, -3f, 5f);
        Assert.Equal(100UL, random.Position);
        Assert.All(values, static v => Assert.InRange(v, -3f, 5f));
        Assert.InRange(values.Max() - values.Min(), 7f, 8f);
        random.FillNormal(values, 10f, 0f);
        Assert.Equal(300UL, random.Position);
        Assert.All(values, static v => Assert.Equal(10f, v));
    }
}
