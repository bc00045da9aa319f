using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V16 = System.Runtime.Intrinsics.Vector512<float>;
using V8 = System.Runtime.Intrinsics.Vector256<float>;

namespace Pondus.Kernels;

/// <summary>Transposes strips of a row-major matrix in registers: <c>target[p * targetStride + i] = source[i * stride + p]</c>.</summary>
/// <remarks>Every method writes whole vectors; lanes beyond the given rows repeat the last row.</remarks>
internal static unsafe class GemmTranspose
{
    /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V16 Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary>Loads the lanes that the mask selects; the others are zero and their memory is not touched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V16 LoadMasked(float* p, V16 mask) => Avx512F.MaskLoad(p, mask, V16.Zero);

    /// <summary>Transposes up to 16 rows by AVX-512.</summary>
    /// <param name="source">First element.</param>
    /// <param name="stride">Distance of source rows.</param>
    /// <param name="rows">Rows, 1 to 16.</param>
    /// <param name="k">Columns of the source, any number.</param>
    /// <param name="target">Receives k vectors of 16.</param>
    /// <param name="targetStride">Distance of target rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void By16(float* source, nint stride, int rows, nint k, float* target, nint targetStride)
    {
        nint* at = stackalloc nint[16];
        for (int i = 0; i < 16; i++)
        {
            at[i] = Math.Min(i, rows - 1) * stride;
        }

        float* spill = stackalloc float[256];
        for (nint p = 0; p < k; p += 16)
        {
            float* s = source + p;
            float* q = target + (p * targetStride);
            nint step = targetStride;
            nint left = k - p;
            V16 mask = Mask(left < 16 ? (int)left : 16);
            if (left < 16)
            {
                q = spill;
                step = 16;
            }

            V16 t0 = LoadMasked(s, mask);
            V16 t1 = LoadMasked(s + at[1], mask);
            V16 t2 = LoadMasked(s + at[2], mask);
            V16 t3 = LoadMasked(s + at[3], mask);
            Quads(t0, t1, t2, t3, out V16 a0, out V16 a1, out V16 a2, out V16 a3);
            t0 = LoadMasked(s + at[4], mask);
            t1 = LoadMasked(s + at[5], mask);
            t2 = LoadMasked(s + at[6], mask);
            t3 = LoadMasked(s + at[7], mask);
            Quads(t0, t1, t2, t3, out V16 b0, out V16 b1, out V16 b2, out V16 b3);
            t0 = LoadMasked(s + at[8], mask);
            t1 = LoadMasked(s + at[9], mask);
            t2 = LoadMasked(s + at[10], mask);
            t3 = LoadMasked(s + at[11], mask);
            Quads(t0, t1, t2, t3, out V16 c0, out V16 c1, out V16 c2, out V16 c3);
            t0 = LoadMasked(s + at[12], mask);
            t1 = LoadMasked(s + at[13], mask);
            t2 = LoadMasked(s + at[14], mask);
            t3 = LoadMasked(s + at[15], mask);
            Quads(t0, t1, t2, t3, out V16 d0, out V16 d1, out V16 d2, out V16 d3);
            Store(a0, b0, c0, d0, q, step);
            Store(a1, b1, c1, d1, q + step, step);
            Store(a2, b2, c2, d2, q + (2 * step), step);
            Store(a3, b3, c3, d3, q + (3 * step), step);
            if (left < 16)
            {
                q = target + (p * targetStride);
                for (nint r = 0; r < left; r++)
                {
                    Vector512.Store(Vector512.Load(spill + (16 * r)), q + (r * targetStride));
                }
            }
        }
    }

    /// <summary>Transposes up to 8 rows by AVX2; parameters as in <see cref="By16"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void By8(float* source, nint stride, int rows, nint k, float* target, nint targetStride)
    {
        nint* at = stackalloc nint[8];
        for (int i = 0; i < 8; i++)
        {
            at[i] = Math.Min(i, rows - 1) * stride;
        }

        nint p = 0;
        for (; p + 8 <= k; p += 8)
        {
            float* s = source + p;
            float* q = target + (p * targetStride);
            Quads(Vector256.Load(s), Vector256.Load(s + at[1]), Vector256.Load(s + at[2]), Vector256.Load(s + at[3]), out V8 a0, out V8 a1, out V8 a2, out V8 a3);
            Quads(Vector256.Load(s + at[4]), Vector256.Load(s + at[5]), Vector256.Load(s + at[6]), Vector256.Load(s + at[7]), out V8 b0, out V8 b1, out V8 b2, out V8 b3);
            nint half = 4 * targetStride;
            Vector256.Store(Avx.Permute2x128(a0, b0, 0x20), q);
            Vector256.Store(Avx.Permute2x128(a0, b0, 0x31), q + half);
            q += targetStride;
            Vector256.Store(Avx.Permute2x128(a1, b1, 0x20), q);
            Vector256.Store(Avx.Permute2x128(a1, b1, 0x31), q + half);
            q += targetStride;
            Vector256.Store(Avx.Permute2x128(a2, b2, 0x20), q);
            Vector256.Store(Avx.Permute2x128(a2, b2, 0x31), q + half);
            q += targetStride;
            Vector256.Store(Avx.Permute2x128(a3, b3, 0x20), q);
            Vector256.Store(Avx.Permute2x128(a3, b3, 0x31), q + half);
        }

        Scalar(source + p, stride, rows, k - p, target + (p * targetStride), targetStride);
    }

    /// <summary>Transposes up to 8 rows without vectors; parameters as in <see cref="By16"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scalar(float* source, nint stride, int rows, nint k, float* target, nint targetStride)
    {
        for (int i = 0; i < 8; i++)
        {
            float* s = source + (Math.Min(i, rows - 1) * stride);
            float* q = target + i;
            for (nint p = 0; p < k; p++, q += targetStride)
            {
                *q = s[p];
            }
        }
    }

    /// <summary>Within each 128-bit lane: the 4x4 transpose of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(V16 r0, V16 r1, V16 r2, V16 r3, out V16 o0, out V16 o1, out V16 o2, out V16 o3)
    {
        Vector512<double> t0 = Avx512F.UnpackLow(r0, r1).AsDouble();
        Vector512<double> t1 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> t2 = Avx512F.UnpackLow(r2, r3).AsDouble();
        Vector512<double> t3 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        o0 = Avx512F.UnpackLow(t0, t2).AsSingle();
        o1 = Avx512F.UnpackHigh(t0, t2).AsSingle();
        o2 = Avx512F.UnpackLow(t1, t3).AsSingle();
        o3 = Avx512F.UnpackHigh(t1, t3).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(V8 r0, V8 r1, V8 r2, V8 r3, out V8 o0, out V8 o1, out V8 o2, out V8 o3)
    {
        Vector256<double> t0 = Avx.UnpackLow(r0, r1).AsDouble();
        Vector256<double> t1 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> t2 = Avx.UnpackLow(r2, r3).AsDouble();
        Vector256<double> t3 = Avx.UnpackHigh(r2, r3).AsDouble();
        o0 = Avx.UnpackLow(t0, t2).AsSingle();
        o1 = Avx.UnpackHigh(t0, t2).AsSingle();
        o2 = Avx.UnpackLow(t1, t3).AsSingle();
        o3 = Avx.UnpackHigh(t1, t3).AsSingle();
    }

    /// <summary>Transposes 128-bit lanes: lane 0 of the four quads makes row 0, lane 1 row 4, lane 2 row 8, lane 3 row 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lanes(V16 a, V16 b, V16 c, V16 d, out V16 o0, out V16 o4, out V16 o8, out V16 o12)
    {
        V16 x = Avx512F.Shuffle4x128(a, b, 0x88);
        V16 y = Avx512F.Shuffle4x128(c, d, 0x88);
        V16 z = Avx512F.Shuffle4x128(a, b, 0xdd);
        V16 w = Avx512F.Shuffle4x128(c, d, 0xdd);
        o0 = Avx512F.Shuffle4x128(x, y, 0x88);
        o4 = Avx512F.Shuffle4x128(z, w, 0x88);
        o8 = Avx512F.Shuffle4x128(x, y, 0xdd);
        o12 = Avx512F.Shuffle4x128(z, w, 0xdd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V16 a, V16 b, V16 c, V16 d, float* q, nint step)
    {
        Lanes(a, b, c, d, out V16 o0, out V16 o4, out V16 o8, out V16 o12);
        Vector512.Store(o0, q);
        Vector512.Store(o4, q + (4 * step));
        Vector512.Store(o8, q + (8 * step));
        Vector512.Store(o12, q + (12 * step));
    }
}
