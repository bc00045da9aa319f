using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Column sums of one block of rows.</summary>
internal static unsafe class ColumnSum
{
    // Sixteen narrow rows side by side fill whole vectors of every width.
    private const int Fold = 16;
    private const int NarrowLimit = 64;

    /// <summary>sums = the column sums of dy; where y is given, dy is first set to 0 at elements with y at or below 0.</summary>
    public static void Part<TV>(float* dy, float* y, nint rows, nint n, float* sums)
        where TV : struct, IVector<TV>
    {
        if (n < NarrowLimit && rows >= 2 * Fold)
        {
            float* wide = stackalloc float[Fold * NarrowLimit], two = stackalloc float[2 * NarrowLimit];
            nint full = rows / Fold * Fold;
            Strip<TV>(dy, y, rows / Fold, n * Fold, n * Fold, wide);
            Strip<TV>(wide, null, Fold, n, n, two);
            Strip<TV>(dy + (full * n), y == null ? null : y + (full * n), rows - full, n, n, two + n);
            Strip<TV>(two, null, 2, n, n, sums);
        }
        else
        {
            Strip<TV>(dy, y, rows, n, n, sums);
        }
    }

    /// <summary>The same over the first columns of rows that lie a stride apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strip<TV>(float* dy, float* y, nint rows, nint stride, nint columns, float* sums)
        where TV : struct, IVector<TV>
    {
        nint j = 0;
        for (; j <= columns - (4 * TV.Count); j += 4 * TV.Count)
        {
            TV s0 = TV.Create(0f), s1 = s0, s2 = s0, s3 = s0;
            float* p = dy + j, q = y == null ? null : y + j;
            for (nint r = 0; r < rows; r++, p += stride)
            {
                TV d0 = TV.Load(p), d1 = TV.Load(p + TV.Count), d2 = TV.Load(p + (2 * TV.Count)), d3 = TV.Load(p + (3 * TV.Count));
                if (q != null)
                {
                    d0 = Masked(d0, TV.Load(q));
                    d1 = Masked(d1, TV.Load(q + TV.Count));
                    d2 = Masked(d2, TV.Load(q + (2 * TV.Count)));
                    d3 = Masked(d3, TV.Load(q + (3 * TV.Count)));
                    TV.Store(p, d0);
                    TV.Store(p + TV.Count, d1);
                    TV.Store(p + (2 * TV.Count), d2);
                    TV.Store(p + (3 * TV.Count), d3);
                    q += stride;
                }

                s0 += d0;
                s1 += d1;
                s2 += d2;
                s3 += d3;
            }

            TV.Store(sums + j, s0);
            TV.Store(sums + j + TV.Count, s1);
            TV.Store(sums + j + (2 * TV.Count), s2);
            TV.Store(sums + j + (3 * TV.Count), s3);
        }

        for (; j < columns; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, columns - j);
            TV s0 = TV.Create(0f), s1 = s0;
            float* p = dy + j, q = y == null ? null : y + j;
            nint r = 0;
            if (q == null)
            {
                TV s2 = s0, s3 = s0;
                for (; r <= rows - 4; r += 4, p += 4 * stride)
                {
                    s0 += TV.LoadPartial(p, n);
                    s1 += TV.LoadPartial(p + stride, n);
                    s2 += TV.LoadPartial(p + (2 * stride), n);
                    s3 += TV.LoadPartial(p + (3 * stride), n);
                }

                s0 += s2;
                s1 += s3;
            }

            for (; r < rows; r++, p += stride)
            {
                TV d = TV.LoadPartial(p, n);
                if (q != null)
                {
                    d = Masked(d, TV.LoadPartial(q, n));
                    TV.StorePartial(p, n, d);
                    q += stride;
                }

                s0 += d;
            }

            TV.StorePartial(sums + j, n, s0 + s1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV Masked<TV>(TV dy, TV y)
        where TV : struct, IVector<TV> => TV.Select(TV.GreaterOrEqual(TV.Create(0f), y), TV.Create(0f), dy);
}
