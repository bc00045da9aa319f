namespace Pondus.Kernels;

/// <summary>What surrounds the matrix product of a linear layer.</summary>
internal static unsafe class LinearKernels
{
    public static void BiasActivation(float* y, float* bias, nint rows, nint n, UnaryKind? kind, float p0 = 0)
    {
        for (nint r = 0; r < rows && bias != null; r++) { Arithmetic.AddTo(bias, y + (r * n), n); }
        if (kind is UnaryKind k) { Unary.Forward(k, y, y, rows * n, p0); }
    }

    public static void MaskAndSumColumns(float* dy, float* y, nint rows, nint n, float* db, bool addBias)
    {
        if (y != null) { Unary.Backward(UnaryKind.Relu, null, y, dy, dy, rows * n, false, 0); }
        if (db != null) { SumColumns(dy, rows, n, db, addBias); }
    }

    public static void SumColumns(float* dy, nint rows, nint n, float* db, bool add)
    {
        for (nint i = 0; i < n; i++)
        {
            double s = add ? db[i] : 0;
            for (nint r = 0; r < rows; r++) { s += dy[(r * n) + i]; }
            db[i] = (float)s;
        }
    }
}
