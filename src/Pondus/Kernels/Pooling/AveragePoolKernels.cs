using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The mean of each window of images whose channels come last.</summary>
internal static unsafe class AveragePoolKernels
{
    /// <summary>y = the mean of each window; padding counts as zeros if that is said.</summary>
    public static void Forward(PoolGeometry geometry, float* x, float* y, nint batch, nint channels, bool countPadding)
    {
        PoolAxis rows = geometry.Y, columns = geometry.X;
        nint cost = columns.Output * channels * (rows.Input / Math.Max(1, rows.Output) + 1) * (columns.Input / Math.Max(1, columns.Output) + 1);
        Launch.Rows(new ForwardKernel { X = x, Y = y, Rows = rows, Columns = columns, Channels = channels, CountPadding = countPadding }, batch * rows.Output, cost);
    }

    /// <summary>dx (+)= dy over the number of places, at each place of a window.</summary>
    public static void Backward(PoolGeometry geometry, float* dy, float* dx, bool add, nint batch, nint channels, bool countPadding) => Launch.Rows(
        new BackwardKernel { Dy = dy, Dx = dx, Rows = geometry.Y, Columns = geometry.X, Channels = channels, CountPadding = countPadding, Add = add },
        batch,
        (nint)geometry.Y.Input * geometry.X.Input * channels);

    private struct ForwardKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;
        public bool CountPadding;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels;
            for (nint unit = begin; unit < end; unit++)
            {
                int u = (int)(unit % Rows.Output), height = Rows.Places(u, out int top), tall = CountPadding ? Rows.Extent(u) : height;
                float* image = X + (((unit / Rows.Output * Rows.Input) + top) * row), y = Y + (unit * Columns.Output * channels);
                for (int o = 0; o < Columns.Output; o++, y += channels)
                {
                    int width = Columns.Places(o, out int left), wide = CountPadding ? Columns.Extent(o) : width;
                    TV share = TV.Create(1f / ((float)tall * wide));
                    float* corner = image + (left * channels);
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        TV sum = TV.Create(0f);
                        for (nint i = 0; i < height; i++)
                        {
                            // Row by row, so that the rounding of large windows stays small.
                            TV line = TV.Create(0f);
                            float* p = corner + (i * row) + c;
                            for (nint j = 0; j < width; j++, p += channels)
                            {
                                line += TV.LoadPartial(p, n);
                            }

                            sum += line;
                        }

                        TV.StorePartial(y + c, n, sum * share);
                    }
                }
            }
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* Dy;
        public float* Dx;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;
        public bool CountPadding;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels, image = Rows.Input * row;
            float* dy = Dy + (begin * Rows.Output * Columns.Output * channels);

            // Windows that cover every place once write; others add to zeros.
            bool whole = !Add && Rows.Output == 1 && Columns.Output == 1 && Rows.Places(0, out _) == Rows.Input && Columns.Places(0, out _) == Columns.Input;
            for (nint unit = begin; unit < end; unit++)
            {
                if (!Add && !whole)
                {
                    new Span<float>(Dx + (unit * image), (int)image).Clear();
                }

                for (int u = 0; u < Rows.Output; u++)
                {
                    int height = Rows.Places(u, out int top), tall = CountPadding ? Rows.Extent(u) : height;
                    for (int v = 0; v < Columns.Output; v++, dy += channels)
                    {
                        int width = Columns.Places(v, out int left), wide = CountPadding ? Columns.Extent(v) : width;
                        TV share = TV.Create(1f / ((float)tall * wide));
                        float* corner = Dx + (unit * image) + (top * row) + (left * channels);
                        for (nint c = 0; c < channels; c += TV.Count)
                        {
                            nint n = Math.Min(TV.Count, channels - c);
                            TV d = TV.LoadPartial(dy + c, n) * share;
                            for (nint i = 0; i < height; i++)
                            {
                                float* p = corner + (i * row) + c;
                                for (nint j = 0; j < width; j++, p += channels)
                                {
                                    TV.StorePartial(p, n, whole ? d : TV.LoadPartial(p, n) + d);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
