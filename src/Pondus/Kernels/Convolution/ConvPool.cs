using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The largest of each two by two places behind a convolution, taken while the convolution's output is still in the cache, and its gradient.</summary>
/// <remarks>NaN wins, then the first of the largest. Which one it was is kept as a number, 0 to 3 in reading order: a quarter of the memory that the output itself takes.</remarks>
internal static unsafe class ConvPool
{
    /// <summary>Pools some rows of some images.</summary>
    public static void Forward(in ConvPoolRows rows) => Launch.Rows(new ForwardKernel { Rows = rows }, rows.Images * rows.Height, 4 * rows.Width * rows.Channels);

    /// <summary>dx = dy at the place of each window's largest value, 0 elsewhere; dx has height and width of the convolution's output.</summary>
    public static void Backward(float* dy, float* winners, float* dx, nint batch, int height, int width, int channels) =>
        Launch.Rows(new BackwardKernel { Dy = dy, Winners = winners, Dx = dx, Height = height, Width = width, Channels = channels }, batch * ((height + 1) / 2), 2 * width * (nint)channels);

    private struct ForwardKernel : IRangeKernel
    {
        public ConvPoolRows Rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Rows.Channels, pitch = Rows.Pitch, row = Rows.SourceWidth * pitch;
            for (nint unit = begin; unit < end; unit++)
            {
                nint image = unit / Rows.Height, r = unit - (image * Rows.Height), at = (image * Rows.TargetImage) + (r * Rows.Width * pitch);
                float* a = Rows.Source + (image * Rows.SourceImage) + (2 * r * row), b = a + row, y = Rows.Target + at, winners = Rows.Winners == null ? null : Rows.Winners + at;
                for (int o = 0; o < Rows.Width; o++, a += 2 * pitch, b += 2 * pitch, y += pitch)
                {
                    nint c = 0;
                    for (; c <= channels - TV.Count; c += TV.Count)
                    {
                        TV.Store(y + c, Window(TV.Load(a + c), TV.Load(a + pitch + c), TV.Load(b + c), TV.Load(b + pitch + c), out TV winner));
                        if (winners != null)
                        {
                            TV.Store(winners + c, winner);
                        }
                    }

                    nint n = channels - c;
                    if (n > 0)
                    {
                        TV.StorePartial(y + c, n, Window(TV.LoadPartial(a + c, n), TV.LoadPartial(a + pitch + c, n), TV.LoadPartial(b + c, n), TV.LoadPartial(b + pitch + c, n), out TV winner));
                        if (winners != null)
                        {
                            TV.StorePartial(winners + c, n, winner);
                        }
                    }

                    winners = winners == null ? null : winners + pitch;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Window<TV>(TV p0, TV p1, TV p2, TV p3, out TV winner)
            where TV : struct, IVector<TV>
        {
            TV top = TV.GreaterOrEqual(p0, p1) | TV.IsNaN(p0), bottom = TV.GreaterOrEqual(p2, p3) | TV.IsNaN(p2);
            TV upper = TV.Select(top, p0, p1), lower = TV.Select(bottom, p2, p3), first = TV.GreaterOrEqual(upper, lower) | TV.IsNaN(upper);
            winner = TV.Select(first, TV.Select(top, TV.Create(0f), TV.Create(1f)), TV.Select(bottom, TV.Create(2f), TV.Create(3f)));
            return TV.Select(first, upper, lower);
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* Dy;
        public float* Winners;
        public float* Dx;
        public int Height;
        public int Width;
        public int Channels;

        // Units are pairs of rows; the last row of an odd height is one alone and has no window.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Channels, row = Width * channels, pairs = (Height + 1) / 2, windows = Width / 2;
            TV zero = TV.Create(0f), one = TV.Create(1f), two = TV.Create(2f), three = TV.Create(3f);
            for (nint unit = begin; unit < end; unit++)
            {
                nint image = unit / pairs, r = unit - (image * pairs);
                float* p = Dx + (image * Height * row) + (2 * r * row), q = p + row;
                if ((2 * r) + 1 == Height)
                {
                    new Span<float>(p, (int)row).Clear();
                    continue;
                }

                nint at = ((image * (Height / 2)) + r) * windows * channels;
                float* dy = Dy + at, winners = Winners + at;
                for (nint o = 0; o < windows; o++, p += 2 * channels, q += 2 * channels)
                {
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        if (n == TV.Count)
                        {
                            TV d = TV.Load(dy), w = TV.Load(winners);
                            TV.Store(p + c, TV.Select(TV.GreaterOrEqual(zero, w), d, zero));
                            TV.Store(p + channels + c, TV.Select(TV.Equal(w, one), d, zero));
                            TV.Store(q + c, TV.Select(TV.Equal(w, two), d, zero));
                            TV.Store(q + channels + c, TV.Select(TV.Equal(w, three), d, zero));
                        }
                        else
                        {
                            TV d = TV.LoadPartial(dy, n), w = TV.LoadPartial(winners, n);
                            TV.StorePartial(p + c, n, TV.Select(TV.GreaterOrEqual(zero, w), d, zero));
                            TV.StorePartial(p + channels + c, n, TV.Select(TV.Equal(w, one), d, zero));
                            TV.StorePartial(q + c, n, TV.Select(TV.Equal(w, two), d, zero));
                            TV.StorePartial(q + channels + c, n, TV.Select(TV.Equal(w, three), d, zero));
                        }

                        dy += n;
                        winners += n;
                    }
                }

                if ((Width & 1) != 0)
                {
                    new Span<float>(p, (int)channels).Clear();
                    new Span<float>(q, (int)channels).Clear();
                }
            }
        }
    }
}
