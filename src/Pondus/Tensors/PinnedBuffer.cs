using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pondus;

/// <summary>Float memory that never moves: a pinned managed array with a 64-byte aligned start, freed by the collector alone.</summary>
internal static unsafe class PinnedBuffer
{
    /// <summary>Floats of one cache line; every rented range starts at a multiple of it.</summary>
    public const int Alignment = 16;

    /// <summary>Allocates; the array must be kept reachable as long as the pointer is used.</summary>
    /// <param name="count">Floats.</param>
    /// <param name="pointer">The aligned start.</param>
    /// <param name="cleared">Whether the memory is zero.</param>
    public static float[] Allocate(int count, out float* pointer, bool cleared = false)
    {
        int length = checked(count + Alignment);
        float[] home = cleared ? GC.AllocateArray<float>(length, pinned: true) : GC.AllocateUninitializedArray<float>(length, pinned: true);
        float* start = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(home));
        pointer = start + (((64 - (int)((nint)start & 63)) & 63) / sizeof(float));
        return home;
    }

    /// <summary>Rounds up to whole cache lines.</summary>
    public static int Align(int count) => checked(count + Alignment - 1) & ~(Alignment - 1);
}
