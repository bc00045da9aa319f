using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

/// <summary>Comparisons of kernel results with double-precision references.</summary>
internal static class KernelAssert
{
    /// <summary>Every vector tail, then sizes on both sides of the limits of splitting.</summary>
    public static readonly int[] Lengths = [.. Enumerable.Range(0, 68), 255, 1000, 4095, 4097, 16384, 16385, 32767, 32768, 50001];

    public static readonly int[] ThreadCounts = [1, 2, 4];

    private static readonly Lock s_threads = new();

    /// <summary>Fails unless the values agree within the relative or the absolute bound; NaN and infinities must be equal.</summary>
    public static void Close(double expected, double actual, double relative, double absolute, string where)
    {
        if (double.IsFinite(expected) && Math.Abs(expected) < float.MaxValue)
        {
            double error = Math.Abs(expected - actual);
            Assert.True(error <= Math.Max(absolute, relative * Math.Abs(expected)), $"{where}: expected {expected:R}, got {actual:R}, error {error:G3}");
        }
        else
        {
            Assert.True(((float)expected).Equals((float)actual), $"{where}: expected {expected:R}, got {actual:R}");
        }
    }

    /// <summary>Runs with several thread counts and fails unless the bits are the same.</summary>
    public static void SameBits(Func<float[]> run)
    {
        // The count belongs to the process: one test at a time may set it.
        lock (s_threads)
        {
            int before = Pool.ThreadCount;
            try
            {
                int[]? first = null;
                foreach (int threads in ThreadCounts)
                {
                    Pool.ThreadCount = threads;
                    int[] bits = Array.ConvertAll(run(), BitConverter.SingleToInt32Bits);
                    first ??= bits;
                    Assert.True(first.AsSpan().SequenceEqual(bits), $"bits differ with {threads} threads");
                }
            }
            finally
            {
                Pool.ThreadCount = before;
            }
        }
    }
}
