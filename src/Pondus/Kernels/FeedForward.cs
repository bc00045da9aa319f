namespace Pondus.Kernels;

/// <summary>Two linear maps with a function between them over many rows, stretch by stretch: what lies between them stays in the second-level cache.</summary>
/// <remarks>
/// Only the function's argument is stored; the backward pass computes its value again beside its slope.
/// Four groups of rows have gradients of parameters of their own, which are added in order: bits do not depend on the number of threads.
/// </remarks>
internal unsafe struct FeedForward : IRangeKernel
{
    /// <summary>Groups of rows with gradients of parameters of their own.</summary>
    public const int Groups = ProjectionBackward.Groups;

    private const int ForwardRows = 128;

    // Floats of a backward stretch: somewhat more than the second-level cache, but longer sums pass through the weight gradients less often.
    private const int StretchFloats = 5 << 16;

    /// <summary>The input, (rows, inputs).</summary>
    public float* X;

    /// <summary>The function's argument, (rows, inner).</summary>
    public float* Argument;

    /// <summary>Forward: what is added; backward: the result's gradient; (rows, outputs).</summary>
    public float* Side;

    /// <summary>Receives the result, (rows, outputs); or the input's gradient, (rows, inputs), or null.</summary>
    public float* Target;

    /// <summary>The first weight in panels, and the second.</summary>
    public float* First;
    public float* Second;

    /// <summary>The biases, or null; of the backward pass the gradients of the groups, or null.</summary>
    public float* FirstBias;
    public float* SecondBias;

    /// <summary>Backward: the weight gradients of the groups, or null.</summary>
    public float* FirstPartials;
    public float* SecondPartials;

    /// <summary>Backward: whether the weights are (in, out).</summary>
    public bool FirstInputsFirst;
    public bool SecondInputsFirst;

    /// <summary>Backward: whether to add to the target.</summary>
    public bool Add;
    public bool IsBackward;
    public UnaryKind Function;
    public int Rows;
    public int Inputs;
    public int Inner;
    public int Outputs;

    /// <summary>Whether so many rows are worth it.</summary>
    public static bool Applies(int rows, int inputs, int inner, int outputs) => ProjectionBackward.Applies(rows, inputs, inner) && ProjectionBackward.Applies(rows, inner, outputs);

    /// <summary>Runs one of the passes; the panels and partial sums are the caller's.</summary>
    public readonly void Run() => Launch.Chunks(this, IsBackward ? Groups : Rows, IsBackward ? 1 : ForwardRows);

    /// <inheritdoc/>
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        if (!IsBackward)
        {
            for (nint row = begin; row < end; row += ForwardRows)
            {
                Forward((int)row, (int)Math.Min(ForwardRows, end - row));
            }

            return;
        }

        int most = Math.Max(16, (StretchFloats / (Inputs + Outputs + (2 * Inner))) & ~15);
        for (nint group = begin; group < end; group++)
        {
            int first = (int)(Rows * group / Groups), last = (int)(Rows * (group + 1) / Groups);
            int parts = (last - first + most - 1) / most, stretch = (((last - first + parts - 1) / parts) + 15) & ~15;
            for (int row = first; row < last; row += stretch)
            {
                Backward<TV>(group, row, Math.Min(stretch, last - row), row > first);
            }
        }
    }

    private readonly void Forward(int row, int rows)
    {
        float* argument = Argument + ((nint)row * Inner), value = Scratch.Operands((nint)rows * Inner);
        Gemm.MultiplyPanels(rows, Inner, Inputs, X + ((nint)row * Inputs), Inputs, First, argument, Inner, FirstBias, false);
        Unary.Forward(Function, argument, value, (nint)rows * Inner, 0f);
        GemmJob job = default;
        job.M = rows;
        job.N = Outputs;
        job.K = Inner;
        job.A = value;
        job.Lda = Inner;
        job.B = Second;
        job.BInPanels = true;
        job.C = Target + ((nint)row * Outputs);
        job.Ldc = Outputs;
        job.Start = Side + ((nint)row * Outputs);
        job.StartRow = Outputs;
        job.RunHere();
        LinearKernels.BiasActivation(job.C, SecondBias, rows, Outputs, relu: false);
    }

    private readonly void Backward<TV>(nint group, int row, int rows, bool again)
        where TV : struct, IVector<TV>
    {
        nint count = (nint)rows * Inner;
        float* argument = Argument + ((nint)row * Inner), x = X + ((nint)row * Inputs), dy = Side + ((nint)row * Outputs);
        float* value = Scratch.Operands((2 * count) + Math.Max(Inner, Outputs)), slope = value + count, sums = slope + count;
        Gemm.MultiplyPanels(rows, Inner, Outputs, dy, Outputs, Second, slope, Inner, null, false);
        ValueAndGradient.Run<TV>(Function, argument, value, slope, count);
        if (SecondPartials != null)
        {
            ProjectionBackward.WeightGradient(value, dy, rows, Inner, Outputs, SecondInputsFirst, SecondPartials + (group * Inner * Outputs), again);
        }

        if (FirstPartials != null)
        {
            ProjectionBackward.WeightGradient(x, slope, rows, Inputs, Inner, FirstInputsFirst, FirstPartials + (group * Inputs * Inner), again);
        }

        if (Target != null)
        {
            Gemm.MultiplyPanels(rows, Inputs, Inner, slope, Inner, First, Target + ((nint)row * Inputs), Inputs, null, Add);
        }

        Sum<TV>(slope, rows, Inner, FirstBias, group, sums, again);
        Sum<TV>(dy, rows, Outputs, SecondBias, group, sums, again);
    }

    private static void Sum<TV>(float* dy, int rows, int n, float* partials, nint group, float* sums, bool again)
        where TV : struct, IVector<TV>
    {
        if (partials == null)
        {
            return;
        }

        partials += group * n;
        ColumnSum.Part<TV>(dy, null, rows, n, again ? sums : partials);
        for (int j = 0; again && j < n; j++)
        {
            partials[j] += sums[j];
        }
    }
}
