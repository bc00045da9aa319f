namespace Pondus.Kernels;

/// <summary>The small matrix products inside attention, on the calling thread.</summary>
internal static unsafe class AttentionProduct
{
    /// <summary>Floats that the panels of so many columns and steps take.</summary>
    public static nint Room(int columns, int steps) => (nint)((columns + GemmJob.TileColumns - 1) / GemmJob.TileColumns * GemmJob.TileColumns) * steps;

    /// <summary>Panels of the matrix whose columns are vectors: for products with vectors as rows, such as q kᵀ.</summary>
    public static void PackAcross(float* vectors, nint stride, int count, int size, float* panels)
    {
        int width = GemmJob.TileColumns;
        for (int j = 0; j < count; j += width)
        {
            GemmPack.Columns(vectors + (j * stride), stride, true, Math.Min(width, count - j), size, panels + ((nint)j * size), width);
        }
    }

    /// <summary>Panels of the matrix whose rows are vectors: for weighted sums of vectors.</summary>
    public static void PackAlong(float* vectors, nint stride, int count, int size, float* panels)
    {
        int width = GemmJob.TileColumns;
        for (int j = 0; j < size; j += width)
        {
            GemmPack.Columns(vectors + j, stride, false, Math.Min(width, size - j), count, panels + ((nint)j * count), width);
        }
    }

    /// <summary>c (+)= op(a) b with b in panels.</summary>
    public static void Multiply(int m, int n, int k, float* a, nint lda, bool transposeA, float* panels, int panelLength, float* c, nint ldc, bool accumulate)
    {
        GemmJob job = default;
        job.M = m;
        job.N = n;
        job.K = k;
        job.A = a;
        job.Lda = lda;
        job.TransposeA = transposeA;
        job.B = panels;
        job.BInPanels = true;
        job.PanelLength = panelLength;
        job.C = c;
        job.Ldc = ldc;
        job.Accumulate = accumulate;
        job.RunHere();
    }
}
