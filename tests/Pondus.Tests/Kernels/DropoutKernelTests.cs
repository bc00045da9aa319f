using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class DropoutKernelTests
{
    private const ulong Key = 0x123456789ABCDEF0;

    [Theory]
    [InlineData(0ul)]
    [InlineData(77ul)]
    [InlineData(0xFFFFFFFEul)]
    [InlineData(ulong.MaxValue - 3)]
    public void Philox_AnyBlock_GivesRandomSourcesBits(ulong block)
    {
        const int Blocks = 29;
        using GuardedBuffer words = new(4 * Blocks);
        Philox.Fill(Key, block, Blocks, (uint*)words.Pointer);
        uint[] expected = new uint[4];
        for (int i = 0; i < Blocks; i++)
        {
            Philox.Block(Key, unchecked(block + (ulong)i), expected);
            Assert.Equal(expected, new Span<uint>((uint*)words.Pointer + (4 * i), 4).ToArray());
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    public void ForwardAndBackward_AllLengths_UseTheMaskOfTheStream(float rate)
    {
        const ulong Counter = 1000;
        foreach (int n in KernelAssert.Lengths)
        {
            // A tile is rounded up to whole blocks, never beyond its own memory.
            using GuardedBuffer x = GuardedBuffer.Normal(n, 1), y = new(n), dx = GuardedBuffer.Normal(n, 2), before = new(dx.Span);
            DropoutKernel.Forward(x.Pointer, y.Pointer, n, rate, Key, Counter);
            DropoutKernel.Backward(x.Pointer, dx.Pointer, n, rate, Key, Counter, true);
            RandomSource random = new(Key, 4 * Counter);
            for (int i = 0; i < n; i++)
            {
                float expected = random.NextSingle() >= rate ? x.Span[i] * (1 / (1 - rate)) : 0;
                Assert.Equal(expected, y.Span[i]);
                Assert.Equal(before.Span[i] + expected, dx.Span[i]);
            }
        }
    }

    [Fact]
    public void Forward_HalfRate_KeepsHalf()
    {
        const int N = 100_000;
        using GuardedBuffer x = new(N), y = new(N);
        x.Span.Fill(1);
        DropoutKernel.Forward(x.Pointer, y.Pointer, N, 0.5f, Key, 0);

        // The number kept has a standard deviation of 158; six of them.
        Assert.InRange(y.Span.Count(2f), (N / 2) - 950, (N / 2) + 950);
        Assert.Equal(N, y.Span.Count(2f) + y.Span.Count(0f));
    }

    [Fact]
    public void Forward_SeveralThreads_GivesTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int N = 100_001;
        using GuardedBuffer x = GuardedBuffer.Normal(N, 1), y = new(N);
        DropoutKernel.Forward(x.Pointer, y.Pointer, N, 0.3f, Key, 5);
        return y.Span.ToArray();
    });
}
