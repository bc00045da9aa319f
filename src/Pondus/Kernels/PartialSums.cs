namespace Pondus.Kernels;

/// <summary>Memory for partial results of each thread, kept for reuse.</summary>
internal static unsafe class PartialSums
{
    [ThreadStatic]
    private static double[]? s_doubles;

    [ThreadStatic]
    private static float[]? s_floats;

    /// <summary>Gets room for doubles; the next call on this thread gives the same memory.</summary>
    public static double* Doubles(nint count) => (double*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref Grow(ref s_doubles, count)[0]);

    /// <summary>Gets room for floats; the next call on this thread gives the same memory.</summary>
    public static float* Floats(nint count) => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref Grow(ref s_floats, count)[0]);

    private static T[] Grow<T>(ref T[]? array, nint count)
        where T : unmanaged
    {
        if (array == null || array.Length < count)
        {
            // Pinned, so that its address may be used as a pointer; the collector frees it with its thread.
            array = GC.AllocateUninitializedArray<T>((int)Math.Max(1024, System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)count)), pinned: true);
        }

        return array;
    }
}
