using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>Runs kernels at the processor's vector width, and splits long ones over the pool.</summary>
/// <remarks>The only place where a width is chosen (vectors in software would be slower than single floats, hence V1). Chunks depend on the size alone, so results do not depend on the number of threads.</remarks>
internal static unsafe class Launch
{
    /// <summary>Elements of one chunk.</summary>
    public const nint ChunkSize = 16384;

    private const nint SerialLimit = 2 * ChunkSize;
    private const long NarrowChunk = 10752;

    /// <summary>Units a chunk holds when one unit costs as much as the given number of elements.</summary>
    public static nint Grain(nint elements) => Math.Max(1, ChunkSize / Math.Max(1, elements));

    /// <summary>Rows of a narrow matrix that make a chunk: one division for all that walk the batch, so that rows stay with their core.</summary>
    public static int RowsPerChunk(long width) => (int)Math.Max(16, NarrowChunk / Math.Max(1, width) & ~15);

    /// <summary>Runs a kernel whose units are single elements.</summary>
    public static void Range<TKernel>(TKernel kernel, nint n)
        where TKernel : unmanaged, IRangeKernel
    {
        if (n < SerialLimit || Pool.ThreadCount == 1)
        {
            Serial(ref kernel, 0, n);
        }
        else
        {
            Split(ref kernel, n, ChunkSize);
        }
    }

    /// <summary>Runs a kernel in chunks of a given number of units, also with one thread: for kernels that see the chunks.</summary>
    public static void Chunks<TKernel>(TKernel kernel, nint n, nint grain)
        where TKernel : unmanaged, IRangeKernel
    {
        if (n <= grain)
        {
            Serial(ref kernel, 0, n);
        }
        else
        {
            Split(ref kernel, n, grain);
        }
    }

    /// <summary>Runs a kernel over rows of n elements each.</summary>
    public static void Rows<TKernel>(TKernel kernel, nint rows, nint n)
        where TKernel : unmanaged, IRangeKernel
    {
        if (rows * n < SerialLimit || Pool.ThreadCount == 1)
        {
            Serial(ref kernel, 0, rows);
        }
        else
        {
            Split(ref kernel, rows, Grain(n));
        }
    }

    /// <summary>Computes one number for each chunk.</summary>
    /// <returns>The numbers; valid until this thread's next use of the scratch.</returns>
    public static Span<double> Partials<TKernel>(TKernel kernel, nint n, nint grain)
        where TKernel : unmanaged, IPartialKernel
    {
        int chunks = (int)Math.Max(1, (n + grain - 1) / grain);
        double* partials = PartialSums.Doubles(chunks);
        PartialState<TKernel> state = new() { Kernel = kernel, Count = n, Grain = grain, Partials = partials };
        if (chunks == 1)
        {
            PartialChunk<TKernel>(0, &state);
        }
        else
        {
            Pool.Run(&PartialChunk<TKernel>, &state, chunks);
        }

        return new Span<double>(partials, chunks);
    }

    /// <summary>Adds the numbers of all chunks in order.</summary>
    public static double Sum<TKernel>(TKernel kernel, nint n)
        where TKernel : unmanaged, IPartialKernel
    {
        double sum = 0;
        foreach (double partial in Partials(kernel, n, ChunkSize))
        {
            sum += partial;
        }

        return sum;
    }

    private static void Serial<TKernel>(ref TKernel kernel, nint begin, nint end)
        where TKernel : unmanaged, IRangeKernel
    {
        if (KernelSet.HasAvx512)
        {
            kernel.Run<V512>(begin, end);
        }
        else if (KernelSet.HasAvx2)
        {
            kernel.Run<V256>(begin, end);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            kernel.Run<V128>(begin, end);
        }
        else
        {
            kernel.Run<V1>(begin, end);
        }
    }

    private static void Split<TKernel>(ref TKernel kernel, nint n, nint grain)
        where TKernel : unmanaged, IRangeKernel
    {
        RangeState<TKernel> state = new() { Kernel = kernel, Count = n, Grain = grain };
        Pool.Run(&RangeChunk<TKernel>, &state, (int)((n + grain - 1) / grain));
    }

    private static void RangeChunk<TKernel>(int chunk, void* state)
        where TKernel : unmanaged, IRangeKernel
    {
        RangeState<TKernel>* s = (RangeState<TKernel>*)state;
        nint begin = chunk * s->Grain;
        Serial(ref s->Kernel, begin, Math.Min(s->Count, begin + s->Grain));
    }

    private static void PartialChunk<TKernel>(int chunk, void* state)
        where TKernel : unmanaged, IPartialKernel
    {
        PartialState<TKernel>* s = (PartialState<TKernel>*)state;
        nint begin = chunk * s->Grain, end = Math.Min(s->Count, begin + s->Grain);
        if (KernelSet.HasAvx512)
        {
            s->Partials[chunk] = s->Kernel.Run<V512>(begin, end);
        }
        else if (KernelSet.HasAvx2)
        {
            s->Partials[chunk] = s->Kernel.Run<V256>(begin, end);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            s->Partials[chunk] = s->Kernel.Run<V128>(begin, end);
        }
        else
        {
            s->Partials[chunk] = s->Kernel.Run<V1>(begin, end);
        }
    }

    private struct RangeState<TKernel>
        where TKernel : unmanaged
    {
        public TKernel Kernel;
        public nint Count;
        public nint Grain;
    }

    private struct PartialState<TKernel>
        where TKernel : unmanaged
    {
        public TKernel Kernel;
        public nint Count;
        public nint Grain;
        public double* Partials;
    }
}
