using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Working memory of the calling thread: pinned, page-aligned, kept for the next call, freed with the thread.</summary>
internal static unsafe class Scratch
{
    private const int AlignmentBytes = 4096;

    [ThreadStatic]
    private static float[]? t_panels;

    [ThreadStatic]
    private static float* t_panelsStart;

    [ThreadStatic]
    private static nint t_panelsCount;

    [ThreadStatic]
    private static float[]? t_operands;

    [ThreadStatic]
    private static float* t_operandsStart;

    [ThreadStatic]
    private static nint t_operandsCount;

    /// <summary>Room for packed panels; a matrix product uses it from start to end of one unit of its work.</summary>
    /// <param name="count">Floats.</param>
    /// <returns>The start; what was there before is undefined.</returns>
    public static float* Panels(nint count)
    {
        if (t_panelsCount < count)
        {
            t_panelsStart = Allocate(count, out t_panels, out t_panelsCount);
        }

        return t_panelsStart;
    }

    /// <summary>Room for whole operands and partial sums; held while units that use <see cref="Panels"/> run.</summary>
    /// <param name="count">Floats.</param>
    /// <returns>The start; what was there before is undefined.</returns>
    public static float* Operands(nint count)
    {
        if (t_operandsCount < count)
        {
            t_operandsStart = Allocate(count, out t_operands, out t_operandsCount);
        }

        return t_operandsStart;
    }

    private static float* Allocate(nint count, out float[] array, out nint usable)
    {
        usable = count + (count / 4);
        array = GC.AllocateUninitializedArray<float>(checked((int)usable + (AlignmentBytes / sizeof(float)) + 64), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref array[0]);
        return (float*)((start + AlignmentBytes - 1) & ~(AlignmentBytes - 1));
    }
}
