using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Copies between strided views (permutations, slices, broadcasts) and contiguous memory.</summary>
internal static unsafe class Strided
{
    private const int MaximumRank = 16;

    // Rows of one strip of a transposition.
    private const nint StripRows = 64;

    /// <summary>destination (contiguous) (+)= the view of source.</summary>
    public static void Copy(float* source, ReadOnlySpan<int> shape, ReadOnlySpan<nint> strides, float* destination, bool add) =>
        Run(source, destination, shape, strides, true, add);

    /// <summary>The view of destination (+)= source (contiguous); strides may be 0 only when adding.</summary>
    public static void Scatter(float* source, ReadOnlySpan<int> shape, ReadOnlySpan<nint> strides, float* destination, bool add) =>
        Run(source, destination, shape, strides, false, add);

    private static void Run(float* source, float* destination, ReadOnlySpan<int> shape, ReadOnlySpan<nint> strides, bool toContiguous, bool add)
    {
        if (shape.Length > MaximumRank)
        {
            throw new ArgumentException($"Strided: expected at most {MaximumRank} axes, got {shape.Length}.", nameof(shape));
        }

        Kernel kernel = new() { Source = source, Destination = destination, ToContiguous = toContiguous, Add = add };
        nint size = 1;
        bool overlaps = false;
        for (int d = 0; d < shape.Length; d++)
        {
            size *= shape[d];
            if (shape[d] == 1)
            {
                continue;
            }

            overlaps |= strides[d] == 0;
            int last = kernel.Rank - 1;
            if (last >= 0 && kernel.Strides[last] == strides[d] * shape[d])
            {
                // The two axes are one run of the same stride.
                kernel.Sizes[last] *= shape[d];
                kernel.Strides[last] = strides[d];
            }
            else
            {
                kernel.Sizes[kernel.Rank] = shape[d];
                kernel.Strides[kernel.Rank++] = strides[d];
            }
        }

        if (size == 0)
        {
            return;
        }

        nint units = kernel.Plan();

        // Elements that coincide must be added by one thread, in order.
        if (overlaps && !toContiguous)
        {
            Launch.Chunks(kernel, units, units);
        }
        else
        {
            Launch.Rows(kernel, units, size / units);
        }
    }

    private struct Kernel : IRangeKernel
    {
        public fixed long Sizes[MaximumRank];
        public fixed long Strides[MaximumRank];
        public fixed long Steps[MaximumRank];
        public float* Source;
        public float* Destination;
        public int Rank;
        public bool ToContiguous;
        public bool Add;
        private nint _columns;
        private nint _columnStride;
        private nint _rows;
        private nint _rowStep;
        private nint _strips;

        /// <summary>Takes the inner loop, and for a transposition the rows, out of the axes; gives the number of units left.</summary>
        public nint Plan()
        {
            long step = 1;
            for (int d = Rank - 1; d >= 0; d--)
            {
                Steps[d] = step;
                step *= Sizes[d];
            }

            _columns = _columnStride = _rows = _strips = 1;
            if (Rank > 0)
            {
                _columns = (nint)Sizes[Rank - 1];
                _columnStride = (nint)Strides[Rank - 1];
                Rank--;
            }

            if (_columnStride is not (0 or 1))
            {
                for (int d = 0; d < Rank; d++)
                {
                    if (Strides[d] == 1)
                    {
                        TakeRows(d);
                        break;
                    }
                }
            }

            nint units = _strips;
            for (int d = 0; d < Rank; d++)
            {
                units *= (nint)Sizes[d];
            }

            return units;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint* index = stackalloc nint[MaximumRank];
            nint rest = begin / _strips, strip = begin % _strips, packedBase = 0, viewBase = 0;
            for (int d = Rank - 1; d >= 0; d--)
            {
                index[d] = rest % (nint)Sizes[d];
                rest /= (nint)Sizes[d];
                packedBase += index[d] * (nint)Steps[d];
                viewBase += index[d] * (nint)Strides[d];
            }

            for (nint unit = begin; unit < end; unit++)
            {
                nint firstRow = strip * StripRows, packed = packedBase + (firstRow * _rowStep), view = viewBase + firstRow;
                float* from = Source + (ToContiguous ? view : packed), to = Destination + (ToContiguous ? packed : view);
                if (_rows > 1)
                {
                    nint rows = Math.Min(StripRows, _rows - firstRow);
                    if (ToContiguous)
                    {
                        Transpose.Block(from, _columnStride, to, _rowStep, _columns, rows, Add);
                    }
                    else
                    {
                        Transpose.Block(from, _rowStep, to, _columnStride, rows, _columns, Add);
                    }
                }
                else
                {
                    Line<TV>(from, ToContiguous ? _columnStride : 1, to, ToContiguous ? 1 : _columnStride, _columns, Add);
                }

                if (++strip < _strips)
                {
                    continue;
                }

                // On to the next unit as an odometer counts: divisions would cost more than a short row.
                strip = 0;
                for (int d = Rank - 1; d >= 0; d--)
                {
                    packedBase += (nint)Steps[d];
                    viewBase += (nint)Strides[d];
                    if (++index[d] < Sizes[d])
                    {
                        break;
                    }

                    packedBase -= index[d] * (nint)Steps[d];
                    viewBase -= index[d] * (nint)Strides[d];
                    index[d] = 0;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Line<TV>(float* from, nint fromStride, float* to, nint toStride, nint n, bool add)
            where TV : struct, IVector<TV>
        {
            nint i = 0;
            if (toStride == 1 && fromStride == 1 && !add)
            {
                for (; i <= n - TV.Count; i += TV.Count)
                {
                    TV.Store(to + i, TV.Load(from + i));
                }

                if (i < n)
                {
                    TV.StorePartial(to + i, n - i, TV.LoadPartial(from + i, n - i));
                }

                return;
            }

            if (toStride == 1 && fromStride is 0 or 1)
            {
                for (; i < n; i += TV.Count)
                {
                    nint rest = Math.Min(TV.Count, n - i);
                    TV v = fromStride == 0 ? TV.Create(*from) : TV.LoadPartial(from + i, rest);
                    TV.StorePartial(to + i, rest, add ? TV.LoadPartial(to + i, rest) + v : v);
                }

                return;
            }

            for (; i < n; i++, from += fromStride, to += toStride)
            {
                *to = add ? *to + *from : *from;
            }
        }

        private void TakeRows(int d)
        {
            _rows = (nint)Sizes[d];
            _rowStep = (nint)Steps[d];
            _strips = (_rows + StripRows - 1) / StripRows;
            Rank--;
            for (; d < Rank; d++)
            {
                Sizes[d] = Sizes[d + 1];
                Strides[d] = Strides[d + 1];
                Steps[d] = Steps[d + 1];
            }
        }
    }
}
