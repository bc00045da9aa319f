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

        nint whole = k >> 4;
        GemmTurns512.Copy(source, at, whole, target, targetStride);
        nint done = whole << 4;
        if (done == k)
        {
            return;
        }

        float* rest = stackalloc float[512];
        V16 mask = Mask((int)(k - done));
        for (int i = 0; i < 16; i++)
        {
            Vector512.Store(LoadMasked(source + at[i] + done, mask), rest + (16 * i));
            at[i] = 16 * i;
        }

        GemmTurns512.Copy(rest, at, 1, rest + 256, 16);
        for (nint r = 0; r < k - done; r++)
        {
            Vector512.Store(Vector512.Load(rest + 256 + (16 * r)), target + ((done + r) * targetStride));
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
}
