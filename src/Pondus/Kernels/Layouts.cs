namespace Pondus.Kernels;

/// <summary>Transposes every matrix of a batch.</summary>
internal static unsafe class Layouts
{
    /// <summary>to[n, j, i] (+)= from[n, i, j] for i below rows and j below columns.</summary>
    public static void Transpose(float* from, float* to, int batch, int rows, int columns, bool add) =>
        Launch.Rows(new TransposeKernel { From = from, To = to, Rows = rows, Columns = columns, Add = add }, batch, (nint)rows * columns);

    private struct TransposeKernel : IRangeKernel
    {
        public float* From;
        public float* To;
        public int Rows;
        public int Columns;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint size = (nint)Rows * Columns;
            for (nint n = begin; n < end; n++)
            {
                Kernels.Transpose.Block(From + (n * size), Columns, To + (n * size), Rows, Rows, Columns, Add);
            }
        }
    }
}
