using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>Copies operands into the panels that the tiles read: one short row per step of the inner dimension.</summary>
internal static unsafe class GemmPack
{
    /// <summary>Packs rows of A: <c>panel[p * stride + i] = A[i, p]</c>.</summary>
    /// <param name="a">First element.</param>
    /// <param name="lda">Row stride of the stored matrix.</param>
    /// <param name="transposed">Whether A is stored (k, m).</param>
    /// <param name="rows">Rows, at most <paramref name="stride"/>.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="panel">Receives k * stride values; those beyond <paramref name="rows"/> are arbitrary but finite when A is.</param>
    /// <param name="stride">8 or 16.</param>
    public static void Rows(float* a, nint lda, bool transposed, int rows, nint k, float* panel, int stride)
    {
        if (!transposed)
        {
            Transpose(a, lda, rows, k, panel, stride);
        }
        else if (rows == stride && Vector128.IsHardwareAccelerated)
        {
            CopyWhole(a, lda, k, panel, stride);
        }
        else
        {
            CopyPart(a, lda, rows, k, panel, stride);
        }
    }

    /// <summary>Packs columns of B: <c>panel[p * width + j] = B[p, j]</c>.</summary>
    /// <param name="b">First element.</param>
    /// <param name="ldb">Row stride of the stored matrix.</param>
    /// <param name="transposed">Whether B is stored (n, k).</param>
    /// <param name="columns">Columns, at most <paramref name="width"/>.</param>
    /// <param name="k">Inner length.</param>
    /// <param name="panel">Receives k * width values; those beyond <paramref name="columns"/> are finite when B is.</param>
    /// <param name="width">Columns of a tile.</param>
    public static void Columns(float* b, nint ldb, bool transposed, int columns, nint k, float* panel, int width)
    {
        if (transposed)
        {
            int block = KernelSet.HasAvx512 ? 16 : 8;
            for (int j = 0; j < columns; j += block)
            {
                Transpose(b + (j * ldb), ldb, Math.Min(block, columns - j), k, panel + j, width);
            }

            // Tiles without masks read whole rows of the panel.
            for (int j = (columns + block - 1) / block * block; !KernelSet.HasAvx512 && j < width; j += block)
            {
                Transpose(b, ldb, 1, k, panel + j, width);
            }
        }
        else if (columns == width && Vector128.IsHardwareAccelerated)
        {
            CopyWhole(b, ldb, k, panel, width);
        }
        else
        {
            CopyPart(b, ldb, columns, k, panel, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyWhole(float* source, nint stride, nint k, float* panel, int width)
    {
        if (KernelSet.HasAvx512 && width == 32)
        {
            for (nint p = 0; p < k; p++, source += stride, panel += 32)
            {
                Vector512.Store(Vector512.Load(source), panel);
                Vector512.Store(Vector512.Load(source + 16), panel + 16);
            }

            return;
        }

        for (nint p = 0; p < k; p++, source += stride, panel += width)
        {
            for (int j = 0; j < width; j += 4)
            {
                Vector128.Store(Vector128.Load(source + j), panel + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPart(float* source, nint stride, int columns, nint k, float* panel, int width)
    {
        if (KernelSet.HasAvx512)
        {
            Vector512<float> first = GemmTranspose.Mask(columns);
            Vector512<float> second = GemmTranspose.Mask(columns - 16);
            for (nint p = 0; p < k; p++, source += stride, panel += width)
            {
                Vector512.Store(GemmTranspose.LoadMasked(source, first), panel);
                if (width > 16)
                {
                    Vector512.Store(GemmTranspose.LoadMasked(source + 16, second), panel + 16);
                }
            }

            return;
        }

        for (nint p = 0; p < k; p++, source += stride, panel += width)
        {
            int j = 0;
            for (; j < columns; j++)
            {
                panel[j] = source[j];
            }

            for (; j < width; j++)
            {
                panel[j] = 0;
            }
        }
    }

    private static void Transpose(float* source, nint stride, int rows, nint k, float* target, int targetStride)
    {
        if (KernelSet.HasAvx512)
        {
            GemmTranspose.By16(source, stride, rows, k, target, targetStride);
        }
        else if (KernelSet.HasAvx2)
        {
            GemmTranspose.By8(source, stride, rows, k, target, targetStride);
        }
        else
        {
            GemmTranspose.Scalar(source, stride, rows, k, target, targetStride);
        }
    }
}
