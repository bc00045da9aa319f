using Pondus.Kernels;

namespace Pondus;

/// <summary>What the process computes with: its threads and its kernels.</summary>
public static class Compute
{
    /// <summary>Gets or sets how many threads share the work, at least 1; by default one for each processor. Results do not depend on it.</summary>
    public static int ThreadCount
    {
        get => Pool.ThreadCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Pool.ThreadCount = value;
        }
    }

    /// <summary>Gets the set of kernels in use: <c>avx512</c>, <c>avx2</c> or <c>portable</c>. Results of two sets differ in the last bits.</summary>
    public static string KernelSet => Kernels.KernelSet.Active switch
    {
        KernelFamily.Avx512 => "avx512",
        KernelFamily.Avx2 => "avx2",
        _ => "portable",
    };
}
