using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The tile for processors without vector registers: 1 row by 8 columns.</summary>
internal static unsafe class GemmTilesScalar
{
    /// <summary>Computes one tile; parameters as in the generated tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1x8(nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, float* start, nint startRow, int columns, int relu)
    {
        float c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0;
        if (start != null)
        {
            (c0, c1, c2, c3) = (start[0], start[1], start[2], start[3]);
            (c4, c5, c6, c7) = (start[4], start[5], start[6], start[7]);
        }

        float* end = b + (k * bStep);
        while (b != end)
        {
            float x = *a;
            c0 += x * b[0];
            c1 += x * b[1];
            c2 += x * b[2];
            c3 += x * b[3];
            c4 += x * b[4];
            c5 += x * b[5];
            c6 += x * b[6];
            c7 += x * b[7];
            a += aStep;
            b += bStep;
        }

        (c[0], c[1], c[2], c[3]) = (c0, c1, c2, c3);
        (c[4], c[5], c[6], c[7]) = (c4, c5, c6, c7);
        for (int j = 0; relu != 0 && j < 8; j++)
        {
            // MathF.Max keeps NaN.
            c[j] = MathF.Max(0, c[j]);
        }
    }
}
