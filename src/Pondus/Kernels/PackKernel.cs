namespace Pondus.Kernels;

/// <summary>Packs the right side of a matrix product on all threads.</summary>
internal unsafe struct PackKernel : IRangeKernel
{
    private float* _from;
    private float* _to;
    private int _stride;
    private int _columns;
    private int _rows;
    private bool _transposed;

    /// <summary>Packs a weight for its map, or for the input's gradient.</summary>
    /// <param name="weight">The weight, (in, out) or (out, in).</param>
    /// <param name="inputs">Inputs of the map.</param>
    /// <param name="outputs">Outputs of the map.</param>
    /// <param name="inputsFirst">Whether the weight is (in, out).</param>
    /// <param name="backward">Whether the product is with the transpose.</param>
    /// <param name="packed">Receives <see cref="Gemm.PackedCount"/> floats.</param>
    public static void Pack(float* weight, int inputs, int outputs, bool inputsFirst, bool backward, float* packed)
    {
        PackKernel kernel = new()
        {
            _from = weight,
            _to = packed,
            _stride = inputsFirst ? outputs : inputs,
            _columns = backward ? inputs : outputs,
            _rows = backward ? outputs : inputs,
            _transposed = inputsFirst == backward,
        };
        int width = GemmJob.TileColumns;
        Launch.Chunks(kernel, (kernel._columns + width - 1) / width, 1);
    }

    /// <inheritdoc/>
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        nint first = begin * GemmJob.TileColumns, last = Math.Min(_columns, end * GemmJob.TileColumns);
        Gemm.Pack((int)(last - first), _rows, _from + (_transposed ? first * _stride : first), _stride, _transposed, _to + (first * _rows));
    }
}
