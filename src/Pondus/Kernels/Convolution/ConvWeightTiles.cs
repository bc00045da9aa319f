using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>Blocks of sums over places, C[r, j] += a[r] b[j], cut into tiles that stay in registers.</summary>
internal static unsafe class ConvWeightTiles
{
    private const int PlainRows = 8;

    /// <summary>Lanes of a vector of b.</summary>
    public static int Lanes => KernelSet.HasAvx512 ? 16 : KernelSet.HasAvx2 ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>Adds the sums of a walk.</summary>
    /// <param name="walk">The way of a and b.</param>
    /// <param name="rows">Neighbors of a.</param>
    /// <param name="columns">Neighbors of b.</param>
    /// <param name="a">First place.</param>
    /// <param name="b">First place.</param>
    /// <param name="c">The sums.</param>
    /// <param name="cRow">Distance of their rows.</param>
    public static void Add(ConvWalk* walk, int rows, int columns, float* a, float* b, float* c, nint cRow)
    {
        if (KernelSet.HasAvx512)
        {
            for (int j = 0; j < columns;)
            {
                // Few rows take many columns, so that enough sums are under way at once.
                int left = columns - j, width = rows <= 4 && left > 80 ? Math.Min(96, left) : left <= 48 ? left : 32;
                Column512(walk, rows, width, a, b + j, c + j, cRow);
                j += width;
            }

            return;
        }

        int done = 0;
        if (KernelSet.HasAvx2)
        {
            for (; done <= columns - 16; done += 16)
            {
                int tiles = (rows + 5) / 6;
                for (int t = 0; t < tiles; t++)
                {
                    int first = t * rows / tiles, count = ((t + 1) * rows / tiles) - first;
                    ConvWeightTiles256.Wide(count)(walk, a + first, b + done, c + (first * cRow) + done, cRow, 16);
                }
            }
        }

        for (int j = done; j < columns; j += Lanes)
        {
            for (int i = 0; i < rows; i += PlainRows)
            {
                int count = Math.Min(PlainRows, rows - i), width = Math.Min(Lanes, columns - j);
                float* to = c + (i * cRow) + j;
                if (KernelSet.HasAvx2)
                {
                    Plain<V256>(walk, a + i, b + j, to, cRow, count, width);
                }
                else if (Vector128.IsHardwareAccelerated)
                {
                    Plain<V128>(walk, a + i, b + j, to, cRow, count, width);
                }
                else
                {
                    Plain<V1>(walk, a + i, b + j, to, cRow, count, width);
                }
            }
        }
    }

    private static void Column512(ConvWalk* walk, int rows, int columns, float* a, float* b, float* c, nint cRow)
    {
        int most = columns > 48 ? 4 : columns > 32 ? 9 : columns > 16 ? 14 : 28, tiles = (rows + most - 1) / most;
        for (int t = 0; t < tiles; t++)
        {
            int first = t * rows / tiles, count = ((t + 1) * rows / tiles) - first;
            delegate*<ConvWalk*, float*, float*, float*, nint, int, void> tile = columns switch
            {
                > 80 => ConvWeightTiles512.Long(count),
                > 32 => ConvWeightTiles512.Broad(count),
                > 16 => ConvWeightTiles512.Wide(count),
                _ => ConvWeightTiles512.Narrow(count),
            };
            tile(walk, a + first, b, c + (first * cRow), cRow, columns);
        }
    }

    // One vector of columns, partly used, and up to eight rows; rows that are not there repeat the last one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain<TV>(ConvWalk* walk, float* a, float* b, float* c, nint cRow, int rows, int columns)
        where TV : struct, IVector<TV>
    {
        nint r1 = Math.Min(1, rows - 1), r2 = Math.Min(2, rows - 1), r3 = Math.Min(3, rows - 1), r4 = Math.Min(4, rows - 1);
        nint r5 = Math.Min(5, rows - 1), r6 = Math.Min(6, rows - 1), r7 = Math.Min(7, rows - 1);
        TV c0 = TV.Create(0f), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (nint image = walk->Images; image > 0; image--)
        {
            for (nint row = walk->Rows; row > 0; row--)
            {
                for (nint place = walk->Places; place > 0; place--)
                {
                    TV v = columns == TV.Count ? TV.Load(b) : TV.LoadPartial(b, columns);
                    c0 = TV.Fma(TV.Create(*a), v, c0);
                    c1 = TV.Fma(TV.Create(a[r1]), v, c1);
                    c2 = TV.Fma(TV.Create(a[r2]), v, c2);
                    c3 = TV.Fma(TV.Create(a[r3]), v, c3);
                    c4 = TV.Fma(TV.Create(a[r4]), v, c4);
                    c5 = TV.Fma(TV.Create(a[r5]), v, c5);
                    c6 = TV.Fma(TV.Create(a[r6]), v, c6);
                    c7 = TV.Fma(TV.Create(a[r7]), v, c7);
                    a += walk->AStep;
                    b += walk->BStep;
                }

                a += walk->ARow;
                b += walk->BRow;
            }

            a += walk->AImage;
            b += walk->BImage;
        }

        AddTo(c, columns, c0);
        AddTo(c + (r1 * cRow), rows > 1 ? columns : 0, c1);
        AddTo(c + (r2 * cRow), rows > 2 ? columns : 0, c2);
        AddTo(c + (r3 * cRow), rows > 3 ? columns : 0, c3);
        AddTo(c + (r4 * cRow), rows > 4 ? columns : 0, c4);
        AddTo(c + (r5 * cRow), rows > 5 ? columns : 0, c5);
        AddTo(c + (r6 * cRow), rows > 6 ? columns : 0, c6);
        AddTo(c + (r7 * cRow), rows > 7 ? columns : 0, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<TV>(float* c, int columns, TV sum)
        where TV : struct, IVector<TV>
    {
        if (columns > 0)
        {
            TV.StorePartial(c, columns, TV.LoadPartial(c, columns) + sum);
        }
    }
}
