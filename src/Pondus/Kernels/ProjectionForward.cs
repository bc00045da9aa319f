namespace Pondus.Kernels;

/// <summary>A linear map of many rows with a function behind it, stretch by stretch: the function reads the product from the second-level cache.</summary>
/// <remarks>The bits are those of the whole product and the function after it.</remarks>
internal unsafe struct ProjectionForward : IRangeKernel
{
    // Rows of a stretch; fewer than so many stretches leave threads idle.
    private const int StretchRows = 128;
    private const int FewestRows = 1024;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The bias, or null.</summary>
    public float* Bias;

    /// <summary>Receives the function's argument.</summary>
    public float* Argument;

    /// <summary>Receives the result.</summary>
    public float* Y;

    /// <summary>The function.</summary>
    public UnaryKind Function;

    public int Rows;
    public int Inputs;
    public int Outputs;

    private float* _packed;

    /// <summary>Whether so many rows are worth it.</summary>
    public static bool Applies(int rows, int outputs) => rows >= FewestRows && outputs >= 32;

    /// <summary>Runs the map with a weight (in, out) or (out, in).</summary>
    public void Run(float* weight, bool inputsFirst)
    {
        _packed = Scratch.Operands(Gemm.PackedCount(Outputs, Inputs));
        Gemm.Pack(Outputs, Inputs, weight, inputsFirst ? Outputs : Inputs, !inputsFirst, _packed);
        Launch.Chunks(this, Rows, StretchRows);
    }

    /// <inheritdoc/>
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        for (nint row = begin; row < end; row += StretchRows)
        {
            int rows = (int)Math.Min(StretchRows, end - row);
            GemmJob job = default;
            job.M = rows;
            job.N = Outputs;
            job.K = Inputs;
            job.A = X + (row * Inputs);
            job.Lda = Inputs;
            job.B = _packed;
            job.BInPanels = true;
            job.C = Argument + (row * Outputs);
            job.Ldc = Outputs;
            job.Bias = Bias;
            job.RunHere();
            Unary.Forward(Function, job.C, Y + (row * Outputs), (nint)rows * Outputs, 0f);
        }
    }
}
