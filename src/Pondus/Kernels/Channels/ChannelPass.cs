using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Passes over a block of rows whose columns are channels: the inner loops of the norms of images.</summary>
/// <remarks>
/// A block has rows that lie a stride apart and a number of columns; every column has numbers of its own, which stay in registers while
/// the rows go by. Sums are added to what their arrays hold.
/// </remarks>
internal static unsafe partial class ChannelPass
{
    /// <summary>sums[j] += the sum of x[r, j] over the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums<TV>(float* x, nint rows, nint stride, nint columns, float* sums)
        where TV : struct, IVector<TV>
    {
        nint j = 0;
        for (; j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV s0 = TV.Create(0f), s1 = s0, s2 = s0, s3 = s0;
            float* p = x + j;
            for (nint r = 0; r < rows; r++, p += stride)
            {
                s0 += TV.Load(p);
                s1 += TV.Load(p + TV.Count);
                s2 += TV.Load(p + (2 * TV.Count));
                s3 += TV.Load(p + (3 * TV.Count));
            }

            Add(sums + j, s0);
            Add(sums + j + TV.Count, s1);
            Add(sums + j + (2 * TV.Count), s2);
            Add(sums + j + (3 * TV.Count), s3);
        }

        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV s = TV.Create(0f);
            float* p = x + j;
            for (nint r = 0; r < rows; r++, p += stride)
            {
                s += TV.LoadPartial(p, n);
            }

            AddPartial(sums + j, n, s);
        }
    }

    /// <summary>squares[j] += the sum of (x[r, j] - mean[j])^2 over the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Squares<TV>(float* x, nint rows, nint stride, nint columns, float* mean, float* squares)
        where TV : struct, IVector<TV>
    {
        nint j = 0;
        for (; j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV s0 = TV.Create(0f), s1 = s0, s2 = s0, s3 = s0;
            TV m0 = TV.Load(mean + j), m1 = TV.Load(mean + j + TV.Count), m2 = TV.Load(mean + j + (2 * TV.Count)), m3 = TV.Load(mean + j + (3 * TV.Count));
            float* p = x + j;
            for (nint r = 0; r < rows; r++, p += stride)
            {
                TV v0 = TV.Load(p) - m0, v1 = TV.Load(p + TV.Count) - m1, v2 = TV.Load(p + (2 * TV.Count)) - m2, v3 = TV.Load(p + (3 * TV.Count)) - m3;
                s0 = TV.Fma(v0, v0, s0);
                s1 = TV.Fma(v1, v1, s1);
                s2 = TV.Fma(v2, v2, s2);
                s3 = TV.Fma(v3, v3, s3);
            }

            Add(squares + j, s0);
            Add(squares + j + TV.Count, s1);
            Add(squares + j + (2 * TV.Count), s2);
            Add(squares + j + (3 * TV.Count), s3);
        }

        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV s = TV.Create(0f), m = TV.LoadPartial(mean + j, n);
            float* p = x + j;
            for (nint r = 0; r < rows; r++, p += stride)
            {
                TV v = TV.LoadPartial(p, n) - m;
                s = TV.Fma(v, v, s);
            }

            AddPartial(squares + j, n, s);
        }
    }

    /// <summary>y = f((x - mean) scale + shift + addend), where the addend may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize<TOperator, TV>(float* x, float* addend, float* y, nint rows, nint stride, nint columns, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift;
        TV none = TV.Create(0f);
        nint j = 0;
        for (; !TOperator.ReadsInput && j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV m0 = TV.Load(mean + j), m1 = TV.Load(mean + j + TV.Count), m2 = TV.Load(mean + j + (2 * TV.Count)), m3 = TV.Load(mean + j + (3 * TV.Count));
            TV a0 = TV.Load(scale + j), a1 = TV.Load(scale + j + TV.Count), a2 = TV.Load(scale + j + (2 * TV.Count)), a3 = TV.Load(scale + j + (3 * TV.Count));
            TV b0 = TV.Load(shift + j), b1 = TV.Load(shift + j + TV.Count), b2 = TV.Load(shift + j + (2 * TV.Count)), b3 = TV.Load(shift + j + (3 * TV.Count));
            float* p = x + j, q = y + j, e = addend == null ? null : addend + j;
            for (nint r = 0; r < rows; r++, p += stride, q += stride)
            {
                TV v0 = TV.Fma(TV.Load(p) - m0, a0, b0), v1 = TV.Fma(TV.Load(p + TV.Count) - m1, a1, b1);
                TV v2 = TV.Fma(TV.Load(p + (2 * TV.Count)) - m2, a2, b2), v3 = TV.Fma(TV.Load(p + (3 * TV.Count)) - m3, a3, b3);
                if (e != null)
                {
                    v0 += TV.Load(e);
                    v1 += TV.Load(e + TV.Count);
                    v2 += TV.Load(e + (2 * TV.Count));
                    v3 += TV.Load(e + (3 * TV.Count));
                    e += stride;
                }

                TV.Store(q, TOperator.Apply(v0, none));
                TV.Store(q + TV.Count, TOperator.Apply(v1, none));
                TV.Store(q + (2 * TV.Count), TOperator.Apply(v2, none));
                TV.Store(q + (3 * TV.Count), TOperator.Apply(v3, none));
            }
        }

        if (j < columns)
        {
            NormalizeRest<TOperator, TV>(j, x, addend, y, rows, stride, columns, numbers);
        }
    }

    /// <summary>sums[j] += the sum of g, products[j] += that of g (x - mean), where g = f' dy; f' is taken at y, or at a value computed anew where y is null. Where kept is given it receives g; it may be dy. Functions whose gradient reads their input need it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSums<TOperator, TV>(float* x, float* y, float* dy, float* kept, nint rows, nint stride, nint columns, in ChannelNumbers numbers, float* sums, float* products)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        if (TOperator.ReadsInput)
        {
            // In two passes while the block is in cache: in one loop with the sums the compiler runs out of what it may inline.
            nint whole = columns & -TV.Count;
            Derive<TOperator, TV>(x, dy, kept, rows, stride, whole, numbers);
            if (whole < columns)
            {
                DeriveRest<TOperator, TV>(x, dy, kept, rows, stride, whole, columns - whole, numbers);
            }

            GradientSums<IdentityOperator, TV>(x, null, kept, null, rows, stride, columns, numbers, sums, products);
            return;
        }

        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift;
        TV none = TV.Create(0f);
        nint j = 0;
        for (; j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV s0 = TV.Create(0f), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
            TV m0 = TV.Load(mean + j), m1 = TV.Load(mean + j + TV.Count), m2 = TV.Load(mean + j + (2 * TV.Count)), m3 = TV.Load(mean + j + (3 * TV.Count));
            TV a0 = TV.Load(scale + j), a1 = TV.Load(scale + j + TV.Count), a2 = TV.Load(scale + j + (2 * TV.Count)), a3 = TV.Load(scale + j + (3 * TV.Count));
            TV b0 = TV.Load(shift + j), b1 = TV.Load(shift + j + TV.Count), b2 = TV.Load(shift + j + (2 * TV.Count)), b3 = TV.Load(shift + j + (3 * TV.Count));
            float* p = x + j, d = dy + j, z = y == null ? null : y + j, k = kept == null ? null : kept + j;
            for (nint r = 0; r < rows; r++, p += stride, d += stride)
            {
                TV v0 = TV.Load(p) - m0, v1 = TV.Load(p + TV.Count) - m1, v2 = TV.Load(p + (2 * TV.Count)) - m2, v3 = TV.Load(p + (3 * TV.Count)) - m3;
                TV g0 = TV.Load(d), g1 = TV.Load(d + TV.Count), g2 = TV.Load(d + (2 * TV.Count)), g3 = TV.Load(d + (3 * TV.Count));
                if (TOperator.ReadsOutput)
                {
                    if (z != null)
                    {
                        g0 = TOperator.Gradient(none, TV.Load(z), g0, none);
                        g1 = TOperator.Gradient(none, TV.Load(z + TV.Count), g1, none);
                        g2 = TOperator.Gradient(none, TV.Load(z + (2 * TV.Count)), g2, none);
                        g3 = TOperator.Gradient(none, TV.Load(z + (3 * TV.Count)), g3, none);
                        z += stride;
                    }
                    else
                    {
                        g0 = TOperator.Gradient(none, TV.Fma(v0, a0, b0), g0, none);
                        g1 = TOperator.Gradient(none, TV.Fma(v1, a1, b1), g1, none);
                        g2 = TOperator.Gradient(none, TV.Fma(v2, a2, b2), g2, none);
                        g3 = TOperator.Gradient(none, TV.Fma(v3, a3, b3), g3, none);
                    }
                }

                if (k != null)
                {
                    TV.Store(k, g0);
                    TV.Store(k + TV.Count, g1);
                    TV.Store(k + (2 * TV.Count), g2);
                    TV.Store(k + (3 * TV.Count), g3);
                    k += stride;
                }

                s0 += g0;
                s1 += g1;
                s2 += g2;
                s3 += g3;
                t0 = TV.Fma(g0, v0, t0);
                t1 = TV.Fma(g1, v1, t1);
                t2 = TV.Fma(g2, v2, t2);
                t3 = TV.Fma(g3, v3, t3);
            }

            Add(sums + j, s0);
            Add(sums + j + TV.Count, s1);
            Add(sums + j + (2 * TV.Count), s2);
            Add(sums + j + (3 * TV.Count), s3);
            Add(products + j, t0);
            Add(products + j + TV.Count, t1);
            Add(products + j + (2 * TV.Count), t2);
            Add(products + j + (3 * TV.Count), t3);
        }

        if (j < columns)
        {
            GradientSumsRest<TOperator, TV>(j, x, y, dy, kept, rows, stride, columns, numbers, sums, products);
        }
    }

    /// <summary>dx (+)= scale f' dy + slope (x - mean) + constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputGradient<TOperator, TV>(float* x, float* dy, float* dx, bool add, nint rows, nint stride, nint columns, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift, slope = numbers.Slope, constant = numbers.Constant;
        TV none = TV.Create(0f);
        nint j = 0;
        for (; !TOperator.ReadsInput && j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV m0 = TV.Load(mean + j), m1 = TV.Load(mean + j + TV.Count), m2 = TV.Load(mean + j + (2 * TV.Count)), m3 = TV.Load(mean + j + (3 * TV.Count));
            TV a0 = TV.Load(scale + j), a1 = TV.Load(scale + j + TV.Count), a2 = TV.Load(scale + j + (2 * TV.Count)), a3 = TV.Load(scale + j + (3 * TV.Count));
            TV b0 = TV.Load(shift + j), b1 = TV.Load(shift + j + TV.Count), b2 = TV.Load(shift + j + (2 * TV.Count)), b3 = TV.Load(shift + j + (3 * TV.Count));
            TV e0 = TV.Load(slope + j), e1 = TV.Load(slope + j + TV.Count), e2 = TV.Load(slope + j + (2 * TV.Count)), e3 = TV.Load(slope + j + (3 * TV.Count));
            TV c0 = TV.Load(constant + j), c1 = TV.Load(constant + j + TV.Count), c2 = TV.Load(constant + j + (2 * TV.Count)), c3 = TV.Load(constant + j + (3 * TV.Count));
            float* p = x + j, d = dy + j, q = dx + j;
            for (nint r = 0; r < rows; r++, p += stride, d += stride, q += stride)
            {
                TV v0 = TV.Load(p) - m0, v1 = TV.Load(p + TV.Count) - m1, v2 = TV.Load(p + (2 * TV.Count)) - m2, v3 = TV.Load(p + (3 * TV.Count)) - m3;
                TV g0 = TV.Load(d), g1 = TV.Load(d + TV.Count), g2 = TV.Load(d + (2 * TV.Count)), g3 = TV.Load(d + (3 * TV.Count));
                if (TOperator.ReadsOutput)
                {
                    g0 = TOperator.Gradient(none, TV.Fma(v0, a0, b0), g0, none);
                    g1 = TOperator.Gradient(none, TV.Fma(v1, a1, b1), g1, none);
                    g2 = TOperator.Gradient(none, TV.Fma(v2, a2, b2), g2, none);
                    g3 = TOperator.Gradient(none, TV.Fma(v3, a3, b3), g3, none);
                }

                g0 = TV.Fma(g0, a0, TV.Fma(v0, e0, c0));
                g1 = TV.Fma(g1, a1, TV.Fma(v1, e1, c1));
                g2 = TV.Fma(g2, a2, TV.Fma(v2, e2, c2));
                g3 = TV.Fma(g3, a3, TV.Fma(v3, e3, c3));
                if (add)
                {
                    g0 += TV.Load(q);
                    g1 += TV.Load(q + TV.Count);
                    g2 += TV.Load(q + (2 * TV.Count));
                    g3 += TV.Load(q + (3 * TV.Count));
                }

                TV.Store(q, g0);
                TV.Store(q + TV.Count, g1);
                TV.Store(q + (2 * TV.Count), g2);
                TV.Store(q + (3 * TV.Count), g3);
            }
        }

        if (j < columns)
        {
            InputGradientRest<TOperator, TV>(j, x, dy, dx, add, rows, stride, columns, numbers);
        }
    }

    // What four vectors side by side leave, and functions too long for four: apart, since a method has room for so many inlined calls only.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void NormalizeRest<TOperator, TV>(nint j, float* x, float* addend, float* y, nint rows, nint stride, nint columns, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift;
        TV none = TV.Create(0f);
        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV m = Read<TV>(mean + j, n), a = Read<TV>(scale + j, n), b = Read<TV>(shift + j, n);
            float* p = x + j, q = y + j, e = addend == null ? null : addend + j;
            for (nint r = 0; r < rows; r++, p += stride, q += stride)
            {
                TV v = TV.Fma(Read<TV>(p, n) - m, a, b);
                if (e != null)
                {
                    v += Read<TV>(e, n);
                    e += stride;
                }

                Write(q, n, TOperator.Apply(v, none));
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void GradientSumsRest<TOperator, TV>(nint j, float* x, float* y, float* dy, float* kept, nint rows, nint stride, nint columns, in ChannelNumbers numbers, float* sums, float* products)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift;
        TV none = TV.Create(0f);
        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV s = TV.Create(0f), t = s, m = Read<TV>(mean + j, n), a = Read<TV>(scale + j, n), b = Read<TV>(shift + j, n);
            float* p = x + j, d = dy + j, z = y == null ? null : y + j, k = kept == null ? null : kept + j;
            for (nint r = 0; r < rows; r++, p += stride, d += stride)
            {
                TV v = Read<TV>(p, n) - m, value = TV.Fma(v, a, b);
                if (z != null)
                {
                    value = Read<TV>(z, n);
                    z += stride;
                }

                TV g = TOperator.Gradient(value, value, Read<TV>(d, n), none);
                if (k != null)
                {
                    Write(k, n, g);
                    k += stride;
                }

                s += g;
                t = TV.Fma(g, v, t);
            }

            AddPartial(sums + j, n, s);
            AddPartial(products + j, n, t);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void InputGradientRest<TOperator, TV>(nint j, float* x, float* dy, float* dx, bool add, nint rows, nint stride, nint columns, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        float* mean = numbers.Mean, scale = numbers.Scale, shift = numbers.Shift, slope = numbers.Slope, constant = numbers.Constant;
        TV none = TV.Create(0f);
        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV m = Read<TV>(mean + j, n), a = Read<TV>(scale + j, n), b = Read<TV>(shift + j, n), e = Read<TV>(slope + j, n), c = Read<TV>(constant + j, n);
            float* p = x + j, d = dy + j, q = dx + j;
            for (nint r = 0; r < rows; r++, p += stride, d += stride, q += stride)
            {
                TV v = Read<TV>(p, n) - m, z = TV.Fma(v, a, b);
                TV g = TOperator.Gradient(z, z, Read<TV>(d, n), none);
                g = TV.Fma(g, a, TV.Fma(v, e, c));
                Write(q, n, add ? Read<TV>(q, n) + g : g);
            }
        }
    }

    // A whole vector without a mask, which costs more than the comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Read<TV>(float* p, nint n)
        where TV : struct, IVector<TV> => n == TV.Count ? TV.Load(p) : TV.LoadPartial(p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TV>(float* p, nint n, TV v)
        where TV : struct, IVector<TV>
    {
        if (n == TV.Count)
        {
            TV.Store(p, v);
        }
        else
        {
            TV.StorePartial(p, n, v);
        }
    }
}
