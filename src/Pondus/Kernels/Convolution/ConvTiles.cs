using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>The tiles of the kernel set that this process runs.</summary>
internal static unsafe class ConvTiles
{
    /// <summary>Channels of a whole panel.</summary>
    public static int PanelWidth => KernelSet.HasAvx512 ? 32 : KernelSet.HasAvx2 ? 16 : 8;

    /// <summary>Channels of a narrow panel, to which channels are padded.</summary>
    public static int Lanes => KernelSet.HasAvx512 ? 16 : 8;

    /// <summary>Channels when the last panel is filled up.</summary>
    public static int Padded(int channels) => (channels + Lanes - 1) / Lanes * Lanes;

    /// <summary>Places of the largest tile of a panel.</summary>
    public static int MostRows(int width) => KernelSet.HasAvx512 ? ConvTiles512.WideRows
        : KernelSet.HasAvx2 && width == Lanes ? ConvTiles256.NarrowRows : ConvTiles256.WideRows;

    /// <summary>Computes a tile.</summary>
    public static void Run(ConvTile* t, int rows)
    {
        if (KernelSet.HasAvx512)
        {
            (t->Width == 32 ? ConvTiles512.Wide(rows) : ConvTiles512.Narrow(rows))(t);
        }
        else if (!Vector128.IsHardwareAccelerated)
        {
            Plain(t, rows);
        }
        else
        {
            delegate*<ConvTile*, void> tile = KernelSet.HasAvx2
                ? t->Width == 16 ? ConvTiles256.Wide(rows) : ConvTiles256.Narrow(rows)
                : ConvTiles128.Wide(rows);
            if (t->Columns == t->Width)
            {
                tile(t);
            }
            else
            {
                Edge(tile, t, rows);
            }
        }
    }

    // Tiles without masks write whole vectors: not over the neighbors' values, but aside.
    private static void Edge(delegate*<ConvTile*, void> tile, ConvTile* t, int rows)
    {
        const int most = 16;
        float* whole = stackalloc float[2 * ConvTile.MostPairs * most], bias = stackalloc float[most];
        ConvTile aside = *t;
        int width = t->Width, columns = t->Columns;
        aside.YStep = width;
        for (int i = 0; i < rows; i++)
        {
            float* y = (float*)t->Y[i / 2] + (i % 2 * t->YStep), to = whole + (i * width);
            aside.Y[i / 2] = (long)(whole + (i / 2 * 2 * width));
            for (int j = 0; j < width; j++)
            {
                to[j] = j < columns && t->Add != 0 ? y[j] : 0f;
            }
        }

        if (t->Bias != null)
        {
            for (int j = 0; j < width; j++)
            {
                bias[j] = j < columns ? t->Bias[j] : 0f;
            }

            aside.Bias = bias;
        }

        tile(&aside);
        for (int i = 0; i < rows; i++)
        {
            float* y = (float*)t->Y[i / 2] + (i % 2 * t->YStep), from = whole + (i * width);
            for (int j = 0; j < columns; j++)
            {
                y[j] = from[j];
            }
        }
    }

    // For processors without vector registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(ConvTile* t, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            byte* x = (byte*)t->X[i / 2] + (i % 2 * t->XStep);
            float* y = (float*)t->Y[i / 2] + (i % 2 * t->YStep);
            for (int j = 0; j < t->Columns; j++)
            {
                float sum = t->Bias == null ? 0f : t->Bias[j];
                for (ConvSegment* s = t->Segments; s != t->SegmentsEnd; s++)
                {
                    float* b = t->Weights + s->Weights + j;
                    for (nint p = s->Begin; p != s->End; p += sizeof(float), b += t->Width)
                    {
                        sum += *(float*)(x + p) * *b;
                    }
                }

                sum += t->Add == 0 ? 0f : y[j];

                // MathF.Max keeps NaN.
                y[j] = t->Relu == 0 ? sum : MathF.Max(0f, sum);
            }
        }
    }
}
