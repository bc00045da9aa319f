using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

// Tests that set the process-wide thread count must not run beside others that read it.
[Collection("Pool")]
public sealed class GemmTests
{
    [Fact]
    public void Multiply_EveryTailOfASmallProduct_MatchesDoublePrecision()
    {
        RandomSource random = new(1);
        int variant = 0;
        for (int m = 0; m <= 30; m++)
        {
            for (int n = 0; n <= 70; n += n < 34 ? 1 : 3)
            {
                int k = random.NextInt32(41);
                Check(Draw(random, m, n, k, variant++));
            }
        }
    }

    [Fact]
    public void Multiply_EveryInnerLength_MatchesDoublePrecision()
    {
        RandomSource random = new(2);
        int variant = 0;
        for (int k = 0; k <= 70; k++)
        {
            foreach ((int m, int n) in new[] { (1, 1), (1, 40), (17, 1), (3, 10), (15, 33) })
            {
                for (int repeat = 0; repeat < 4; repeat++)
                {
                    Check(Draw(random, m, n, k, variant++));
                }
            }
        }
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(129, 130, 350)]
    [InlineData(60, 1030, 40)]
    [InlineData(1, 700, 700)]
    [InlineData(700, 1, 700)]
    [InlineData(1030, 20, 33)]
    [InlineData(7001, 1, 20)]
    [InlineData(5, 20, 9000)]
    [InlineData(1, 20, 9001)]
    [InlineData(20, 1, 9001)]
    [InlineData(400, 70, 660)]
    public void Multiply_AcrossBlocks_MatchesDoublePrecisionInEveryTranspose(int m, int n, int k)
    {
        RandomSource random = new(3);
        for (int variant = 0; variant < 8; variant++)
        {
            Check(Draw(random, m, n, k, variant));
        }
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(128, 512, 784)]
    [InlineData(128, 10, 256)]
    [InlineData(200, 300, 700)]
    [InlineData(1, 512, 784)]
    [InlineData(3000, 1, 20)]
    [InlineData(7001, 1, 20)]
    [InlineData(20, 1, 20000)]
    [InlineData(1, 20, 20000)]
    [InlineData(16, 64, 6000)]
    public void Multiply_OnOneTwoAndFourThreads_GivesTheSameBits(int m, int n, int k)
    {
        int before = Pool.ThreadCount;
        try
        {
            RandomSource random = new(4);
            for (int variant = 0; variant < 8; variant++)
            {
                GemmCase test = Draw(random, m, n, k, variant);
                Pool.ThreadCount = 1;
                float[] one = test.Multiply();
                Pool.ThreadCount = 2;
                AssertSameBits(one, test.Multiply(), test);
                Pool.ThreadCount = 4;
                AssertSameBits(one, test.Multiply(), test);
            }
        }
        finally
        {
            Pool.ThreadCount = before;
        }
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(30, 130, 350)]
    [InlineData(29, 10, 256)]
    [InlineData(31, 1, 77)]
    [InlineData(17, 600, 784)]
    public void Multiply_OneRowAlone_GivesTheBitsOfTheWholeProduct(int m, int n, int k)
    {
        RandomSource random = new(5);
        for (int variant = 0; variant < 8; variant++)
        {
            GemmCase test = new(random, m, n, k, variant % 3, false, (variant & 1) != 0, false, (variant & 2) != 0, (Activation)(variant >> 2));
            float[] all = test.Multiply();
            foreach (int i in new[] { 0, 1, m / 2, m - 1 })
            {
                float[] row = test.MultiplyRow(i);
                for (int j = 0; j < n; j++)
                {
                    Assert.Equal(BitConverter.SingleToInt32Bits(GemmCase.Element(all, test.Ldc, i, j)), BitConverter.SingleToInt32Bits(row[j]));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 512, 784)]
    [InlineData(1, 10, 256)]
    [InlineData(1, 130, 77)]
    [InlineData(2, 300, 33)]
    [InlineData(256, 100, 130)]
    [InlineData(7, 1, 50)]
    [InlineData(3, 5, 0)]
    public void MultiplyPacked_AnyShape_GivesTheBitsOfMultiply(int m, int n, int k)
    {
        RandomSource random = new(6);
        for (int variant = 0; variant < 8; variant++)
        {
            GemmCase test = new(random, m, n, k, variant % 3, false, (variant & 1) != 0, false, (variant & 2) != 0, (Activation)(variant >> 2));
            float[] packed = test.MultiplyPacked();
            test.Check(packed);
            AssertSameBits(test.Multiply(), packed, test);
        }
    }

    [Fact]
    public void Multiply_NotANumber_IsNotRectifiedAway()
    {
        RandomSource random = new(7);
        foreach ((int m, int n) in new[] { (3, 1), (1, 40), (20, 40), (20, 10) })
        {
            GemmCase test = new(random, m, n, 5, 0, false, true, false, true, Activation.Relu);
            test.Poison();
            Assert.True(float.IsNaN(GemmCase.Element(test.Multiply(), test.Ldc, 0, 0)), test.ToString());
        }
    }

    [Fact]
    public void Multiply_Steady_AllocatesNothing()
    {
        RandomSource random = new(8);
        foreach ((int m, int n, int k) in new[] { (64, 64, 64), (128, 512, 784), (1, 512, 784), (3000, 1, 20), (1, 20, 20000) })
        {
            for (int variant = 0; variant < 4; variant++)
            {
                GemmCase test = new(random, m, n, k, 0, (variant & 1) != 0, (variant & 2) != 0, false, false, Activation.None);
                float[] c = test.Multiply();
                test.MultiplyInto(c);

                // Which thread takes which piece is chance: working memory may still grow in the first calls, and then never again.
                long least = long.MaxValue;
                for (int call = 0; call < 10 && least > 0; call++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    test.MultiplyInto(c);
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                }

                Assert.Equal(0, least);
            }
        }
    }

    [Fact]
    public void Active_WhenTheEnvironmentExpectsASet_IsThatSet()
    {
        string? expected = Environment.GetEnvironmentVariable("PONDUS_EXPECT_KERNELS");
        if (string.IsNullOrEmpty(expected))
        {
            Assert.Skip("PONDUS_EXPECT_KERNELS is not set");
        }

        Assert.Equal(expected, KernelSet.Active.ToString(), ignoreCase: true);
    }

    private static GemmCase Draw(RandomSource random, int m, int n, int k, int variant) =>
        new(random, m, n, k, random.NextInt32(4), (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0, random.NextInt32(2) != 0, (Activation)random.NextInt32(2));

    private static void Check(GemmCase test) => test.Check(test.Multiply());

    private static void AssertSameBits(float[] expected, float[] actual, GemmCase test)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{test}: value {i} is {actual[i]:R}, expected the bits of {expected[i]:R}");
            }
        }
    }
}
