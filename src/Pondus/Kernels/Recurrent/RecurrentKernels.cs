using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Where the rows of one time step lie; a row is a sample.</summary>
internal unsafe struct RecurrentRows
{
    public nint Width;
    public float* Gates;
    public nint GatesStride;

    /// <summary>The hidden state before the step.</summary>
    public float* Hidden;
    public nint HiddenStride;

    /// <summary>Receives the hidden state; may be the one before.</summary>
    public float* Next;
    public nint NextStride;
    public float* CellBefore;
    public float* CellAfter;

    /// <summary>The output, or its gradient.</summary>
    public float* Out;
    public nint OutStride;

    /// <summary>Steps of each sample, or null when all take part in all.</summary>
    public int* Lengths;
    public int Time;

    /// <summary>The gradient of the hidden state: after the step on entry, its direct part before the step on exit.</summary>
    public float* DHidden;
    public float* DCell;

    public readonly bool Takes(nint row) => Lengths == null || Time < Lengths[row];
}

/// <summary>The forward pass of a cell over rows.</summary>
internal unsafe struct RecurrentForwardKernel<TCell> : IRangeKernel
    where TCell : struct, IRecurrentCell
{
    public RecurrentRows Rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        nint width = Rows.Width;
        for (nint row = begin; row < end; row++)
        {
            float* gates = Rows.Gates + (row * Rows.GatesStride), hidden = Rows.Hidden + (row * Rows.HiddenStride);
            float* next = Rows.Next + (row * Rows.NextStride), y = Rows.Out + (row * Rows.OutStride);
            float* before = Rows.CellBefore + (row * width), after = Rows.CellAfter + (row * width);
            nint j = 0;
            if (!Rows.Takes(row))
            {
                for (; j < width; j += TV.Count)
                {
                    nint n = Math.Min(TV.Count, width - j);
                    TV.StorePartial(y + j, n, TV.Create(0f));
                    TV.StorePartial(next + j, n, TV.LoadPartial(hidden + j, n));
                    if (Rows.CellAfter != null)
                    {
                        TV.StorePartial(after + j, n, TV.LoadPartial(before + j, n));
                    }
                }

                continue;
            }

            for (; j <= width - TV.Count; j += TV.Count)
            {
                TV h = TCell.Forward(gates + j, width, TV.Count, TV.Load(hidden + j), before + j, after + j);
                TV.Store(y + j, h);
                TV.Store(next + j, h);
            }

            if (j < width)
            {
                TV h = TCell.Forward(gates + j, width, width - j, TV.LoadPartial(hidden + j, width - j), before + j, after + j);
                TV.StorePartial(y + j, width - j, h);
                TV.StorePartial(next + j, width - j, h);
            }
        }
    }
}

/// <summary>The backward pass of a cell over rows.</summary>
internal unsafe struct RecurrentBackwardKernel<TCell> : IRangeKernel
    where TCell : struct, IRecurrentCell
{
    public RecurrentRows Rows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        nint width = Rows.Width;
        for (nint row = begin; row < end; row++)
        {
            float* gates = Rows.Gates + (row * Rows.GatesStride), hidden = Rows.Hidden + (row * Rows.HiddenStride);
            float* dy = Rows.Out + (row * Rows.OutStride), d = Rows.DHidden + (row * width), dCell = Rows.DCell + (row * width);
            float* before = Rows.CellBefore + (row * width), after = Rows.CellAfter + (row * width);
            nint j = 0;
            if (!Rows.Takes(row))
            {
                // Nothing was computed, and the gradient of the state passes as it is.
                for (; j < Rows.GatesStride; j += TV.Count)
                {
                    TV.StorePartial(gates + j, Math.Min(TV.Count, Rows.GatesStride - j), TV.Create(0f));
                }

                continue;
            }

            for (; j <= width - TV.Count; j += TV.Count)
            {
                TV.Store(d + j, TCell.Backward(gates + j, width, TV.Count, TV.Load(hidden + j), before + j, after + j, TV.Load(dy + j) + TV.Load(d + j), dCell + j));
            }

            if (j < width)
            {
                nint n = width - j;
                TV.StorePartial(d + j, n, TCell.Backward(gates + j, width, n, TV.LoadPartial(hidden + j, n), before + j, after + j, TV.LoadPartial(dy + j, n) + TV.LoadPartial(d + j, n), dCell + j));
            }
        }
    }
}
