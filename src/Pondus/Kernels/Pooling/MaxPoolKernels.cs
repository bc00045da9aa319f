using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The largest value of each window of images whose channels come last.</summary>
/// <remarks>
/// NaN wins, then the first of the largest. Where it stood is not stored: the backward pass looks for it again, which reads x instead of indices.
/// </remarks>
internal static unsafe class MaxPoolKernels
{
    /// <summary>y = the largest of each window.</summary>
    public static void Forward(PoolGeometry geometry, float* x, float* y, nint batch, nint channels)
    {
        PoolAxis rows = geometry.Y, columns = geometry.X;
        nint cost = columns.Output * channels * (rows.Input / Math.Max(1, rows.Output) + 1) * (columns.Input / Math.Max(1, columns.Output) + 1);
        if (geometry.IsTwoByTwo)
        {
            Launch.Rows(new TwoByTwoForward { X = x, Y = y, Rows = rows, Columns = columns, Channels = channels }, batch * rows.Output, cost);
        }
        else
        {
            Launch.Rows(new ForwardKernel { X = x, Y = y, Rows = rows, Columns = columns, Channels = channels }, batch * rows.Output, cost);
        }
    }

    /// <summary>dx (+)= dy at the place of each window's largest value.</summary>
    public static void Backward(PoolGeometry geometry, float* x, float* y, float* dy, float* dx, bool add, nint batch, nint channels)
    {
        PoolAxis rows = geometry.Y, columns = geometry.X;
        if (geometry.IsTwoByTwo)
        {
            Launch.Rows(new TwoByTwoBackward { X = x, Y = y, Dy = dy, Dx = dx, Rows = rows, Columns = columns, Channels = channels, Add = add }, batch * rows.Output, 2 * columns.Input * channels);
            if ((rows.Input & 1) != 0 && !add)
            {
                nint row = columns.Input * channels;
                for (nint n = 1; n <= batch; n++)
                {
                    new Span<float>(dx + (((n * rows.Input) - 1) * row), (int)row).Clear();
                }
            }
        }
        else
        {
            Launch.Rows(new BackwardKernel { X = x, Y = y, Dy = dy, Dx = dx, Rows = rows, Columns = columns, Channels = channels, Add = add }, batch, (nint)rows.Input * columns.Input * channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Larger<TV>(TV first, TV second)
        where TV : struct, IVector<TV> => TV.Select(TV.GreaterOrEqual(first, second) | TV.IsNaN(first), first, second);

    // y is the largest, so x at or above it is that one; a NaN makes y one, and is it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV IsLargest<TV>(TV x, TV y)
        where TV : struct, IVector<TV> => TV.GreaterOrEqual(x, y) | TV.IsNaN(x);

    private struct ForwardKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels;
            for (nint unit = begin; unit < end; unit++)
            {
                int height = Rows.Places((int)(unit % Rows.Output), out int top);
                float* image = X + (((unit / Rows.Output * Rows.Input) + top) * row), y = Y + (unit * Columns.Output * channels);
                for (int o = 0; o < Columns.Output; o++, y += channels)
                {
                    int width = Columns.Places(o, out int left);
                    float* corner = image + (left * channels);
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        TV best = TV.Create(float.NegativeInfinity);
                        for (nint i = 0; i < height; i++)
                        {
                            float* p = corner + (i * Rows.Dilation * row) + c;
                            for (nint j = 0; j < width; j++, p += Columns.Dilation * channels)
                            {
                                best = Larger(best, TV.LoadPartial(p, n));
                            }
                        }

                        TV.StorePartial(y + c, n, best);
                    }
                }
            }
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public float* Dy;
        public float* Dx;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels, image = Rows.Input * row, result = (nint)Rows.Output * Columns.Output * channels;
            for (nint unit = begin; unit < end; unit++)
            {
                if (!Add)
                {
                    new Span<float>(Dx + (unit * image), (int)image).Clear();
                }

                nint at = unit * result;
                for (int u = 0; u < Rows.Output; u++)
                {
                    int height = Rows.Places(u, out int top);
                    for (int v = 0; v < Columns.Output; v++, at += channels)
                    {
                        int width = Columns.Places(v, out int left);
                        nint corner = (unit * image) + (top * row) + (left * channels);
                        for (nint c = 0; c < channels; c += TV.Count)
                        {
                            nint n = Math.Min(TV.Count, channels - c);
                            TV y = TV.LoadPartial(Y + at + c, n), d = TV.LoadPartial(Dy + at + c, n);
                            for (nint i = 0; i < height; i++)
                            {
                                nint p = corner + (i * Rows.Dilation * row) + c;
                                for (nint j = 0; j < width; j++, p += Columns.Dilation * channels)
                                {
                                    TV hit = IsLargest(TV.LoadPartial(X + p, n), y);
                                    TV.StorePartial(Dx + p, n, TV.LoadPartial(Dx + p, n) + TV.Select(hit, d, TV.Create(0f)));
                                    d = TV.Select(hit, TV.Create(0f), d);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private struct TwoByTwoForward : IRangeKernel
    {
        public float* X;
        public float* Y;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels, windows = Columns.Output;
            for (nint unit = begin; unit < end; unit++)
            {
                float* a = X + (((unit / Rows.Output * Rows.Input) + (2 * (unit % Rows.Output))) * row), b = a + row, y = Y + (unit * windows * channels);
                for (nint o = 0; o < windows; o++, a += 2 * channels, b += 2 * channels, y += channels)
                {
                    nint c = 0;
                    for (; c <= channels - TV.Count; c += TV.Count)
                    {
                        TV top = Larger(TV.Load(a + c), TV.Load(a + channels + c)), bottom = Larger(TV.Load(b + c), TV.Load(b + channels + c));
                        TV.Store(y + c, Larger(top, bottom));
                    }

                    if (c < channels)
                    {
                        nint n = channels - c;
                        TV top = Larger(TV.LoadPartial(a + c, n), TV.LoadPartial(a + channels + c, n)), bottom = Larger(TV.LoadPartial(b + c, n), TV.LoadPartial(b + channels + c, n));
                        TV.StorePartial(y + c, n, Larger(top, bottom));
                    }
                }
            }
        }
    }

    private struct TwoByTwoBackward : IRangeKernel
    {
        public float* X;
        public float* Y;
        public float* Dy;
        public float* Dx;
        public PoolAxis Rows;
        public PoolAxis Columns;
        public nint Channels;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Columns.Input * channels, windows = Columns.Output;
            TV zero = TV.Create(0f);
            for (nint unit = begin; unit < end; unit++)
            {
                nint offset = ((unit / Rows.Output * Rows.Input) + (2 * (unit % Rows.Output))) * row;
                float* a = X + offset, b = a + row, p = Dx + offset, q = p + row, y = Y + (unit * windows * channels), dy = Dy + (unit * windows * channels);
                for (nint o = 0; o < windows; o++, a += 2 * channels, b += 2 * channels, p += 2 * channels, q += 2 * channels, y += channels, dy += channels)
                {
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        if (n == TV.Count)
                        {
                            TV v = TV.Load(y + c), d = TV.Load(dy + c);
                            TV h0 = IsLargest(TV.Load(a + c), v), h1 = IsLargest(TV.Load(a + channels + c), v), h2 = IsLargest(TV.Load(b + c), v);
                            TV d0 = TV.Select(h0, d, zero), rest = TV.Select(h0, zero, d);
                            TV d1 = TV.Select(h1, rest, zero);
                            rest = TV.Select(h1, zero, rest);
                            TV d2 = TV.Select(h2, rest, zero), d3 = TV.Select(h2, zero, rest);
                            if (Add)
                            {
                                d0 += TV.Load(p + c);
                                d1 += TV.Load(p + channels + c);
                                d2 += TV.Load(q + c);
                                d3 += TV.Load(q + channels + c);
                            }

                            TV.Store(p + c, d0);
                            TV.Store(p + channels + c, d1);
                            TV.Store(q + c, d2);
                            TV.Store(q + channels + c, d3);
                        }
                        else
                        {
                            TV v = TV.LoadPartial(y + c, n), d = TV.LoadPartial(dy + c, n);
                            Part(a + c, p + c, n, v, ref d);
                            Part(a + channels + c, p + channels + c, n, v, ref d);
                            Part(b + c, q + c, n, v, ref d);
                            Part(b + channels + c, q + channels + c, n, v, ref d);
                        }
                    }
                }

                if ((Columns.Input & 1) != 0 && !Add)
                {
                    new Span<float>(p, (int)channels).Clear();
                    new Span<float>(q, (int)channels).Clear();
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Part<TV>(float* x, float* dx, nint n, TV y, ref TV d)
            where TV : struct, IVector<TV>
        {
            TV hit = IsLargest(TV.LoadPartial(x, n), y), own = TV.Select(hit, d, TV.Create(0f));
            TV.StorePartial(dx, n, Add ? TV.LoadPartial(dx, n) + own : own);
            d = TV.Select(hit, TV.Create(0f), d);
        }
    }
}
