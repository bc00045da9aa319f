using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>Reads and adds rows named by an index.</summary>
internal static unsafe class Gather
{
    // How many rows ahead memory is asked for: about the latency of memory over the time of a short row.
    private const nint Ahead = 12;
    private const nint LineFloats = 16;
    private const nint StripWidth = 64;

    /// <summary>destination[i] = source[indices[i]], in rows of a width.</summary>
    public static void Rows(float* source, nint width, int* indices, nint count, float* destination) =>
        Launch.Rows(new RowsKernel { Source = source, Width = width, Indices = indices, Count = count, Destination = destination }, count, width);

    /// <summary>destination[indices[i]] += source[i], in the order of i for each element.</summary>
    public static void AddRows(float* source, nint width, int* indices, nint count, float* destination)
    {
        // Threads own columns, so that no two of them add to one element.
        nint grain = count * width < 4 * Launch.ChunkSize ? width : StripWidth;
        Launch.Chunks(new AddKernel { Source = source, Width = width, Indices = indices, Count = count, Destination = destination }, width, Math.Max(1, grain));
    }

    private struct RowsKernel : IRangeKernel
    {
        public float* Source;
        public float* Destination;
        public int* Indices;
        public nint Width;
        public nint Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint width = Width;
            float* to = Destination + (begin * width);
            for (nint r = begin; r < end; r++, to += width)
            {
                if (Sse.IsSupported && r + Ahead < Count)
                {
                    float* next = Source + (Indices[r + Ahead] * width);
                    for (nint i = 0; i < width && i < 8 * LineFloats; i += LineFloats)
                    {
                        Sse.Prefetch0(next + i);
                    }

                    // A row rarely starts on a line, so its last element may lie in one more.
                    Sse.Prefetch0(next + width - 1);
                }

                float* from = Source + (Indices[r] * width);
                nint j = 0;
                for (; j <= width - TV.Count; j += TV.Count)
                {
                    TV.Store(to + j, TV.Load(from + j));
                }

                if (j < width)
                {
                    TV.StorePartial(to + j, width - j, TV.LoadPartial(from + j, width - j));
                }
            }
        }
    }

    private struct AddKernel : IRangeKernel
    {
        public float* Source;
        public float* Destination;
        public int* Indices;
        public nint Width;
        public nint Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint r = 0; r < Count; r++)
            {
                float* from = Source + (r * Width), to = Destination + (Indices[r] * Width);
                nint j = begin;
                for (; j <= end - TV.Count; j += TV.Count)
                {
                    TV.Store(to + j, TV.Load(to + j) + TV.Load(from + j));
                }

                if (j < end)
                {
                    TV.StorePartial(to + j, end - j, TV.LoadPartial(to + j, end - j) + TV.LoadPartial(from + j, end - j));
                }
            }
        }
    }
}
