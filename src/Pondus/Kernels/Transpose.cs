using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>Transposition of one block.</summary>
internal static unsafe class Transpose
{
    /// <summary>to[j, i] (+)= from[i, j] for i below rows and j below columns, where each matrix has a stride between its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block(float* from, nint fromStride, float* to, nint toStride, nint rows, nint columns, bool add)
    {
        nint fullRows = 0, fullColumns = 0;
        if (Avx.IsSupported && !add)
        {
            fullRows = rows & ~7;
            fullColumns = columns & ~7;
            for (nint i = 0; i < fullRows; i += 16)
            {
                for (nint j = 0; j < fullColumns; j += 8)
                {
                    // Two squares one after the other fill the lines that they write.
                    Eight(from + (i * fromStride) + j, fromStride, to + (j * toStride) + i, toStride);
                    if (i + 8 < fullRows)
                    {
                        Eight(from + ((i + 8) * fromStride) + j, fromStride, to + (j * toStride) + i + 8, toStride);
                    }
                }
            }
        }

        // What the squares leave: the columns to their right, then the rows below.
        Plain(from + fullColumns, fromStride, to + (fullColumns * toStride), toStride, fullRows, columns - fullColumns, add);
        Plain(from + (fullRows * fromStride), fromStride, to + fullRows, toStride, rows - fullRows, columns, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(float* from, nint fromStride, float* to, nint toStride, nint rows, nint columns, bool add)
    {
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < columns; j++)
            {
                float v = from[(i * fromStride) + j];
                float* p = to + (j * toStride) + i;
                *p = add ? *p + v : v;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* a, nint s, float* b, nint t)
    {
        Vector256<float> r0 = Vector256.Load(a), r1 = Vector256.Load(a + s), r2 = Vector256.Load(a + (2 * s)), r3 = Vector256.Load(a + (3 * s));
        Vector256<float> r4 = Vector256.Load(a + (4 * s)), r5 = Vector256.Load(a + (5 * s)), r6 = Vector256.Load(a + (6 * s)), r7 = Vector256.Load(a + (7 * s));
        Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1), p2 = Avx.UnpackLow(r2, r3), p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5), p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
        r0 = Avx.Shuffle(p0, p2, 0x44);
        r1 = Avx.Shuffle(p0, p2, 0xEE);
        r2 = Avx.Shuffle(p1, p3, 0x44);
        r3 = Avx.Shuffle(p1, p3, 0xEE);
        r4 = Avx.Shuffle(p4, p6, 0x44);
        r5 = Avx.Shuffle(p4, p6, 0xEE);
        r6 = Avx.Shuffle(p5, p7, 0x44);
        r7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(r0, r4, 0x20).Store(b);
        Avx.Permute2x128(r1, r5, 0x20).Store(b + t);
        Avx.Permute2x128(r2, r6, 0x20).Store(b + (2 * t));
        Avx.Permute2x128(r3, r7, 0x20).Store(b + (3 * t));
        Avx.Permute2x128(r0, r4, 0x31).Store(b + (4 * t));
        Avx.Permute2x128(r1, r5, 0x31).Store(b + (5 * t));
        Avx.Permute2x128(r2, r6, 0x31).Store(b + (6 * t));
        Avx.Permute2x128(r3, r7, 0x31).Store(b + (7 * t));
    }
}
