namespace Pondus.Kernels;

/// <summary>The gradients of a linear map over many rows, stretch by stretch: what one product leaves in the second-level cache the next one takes from there.</summary>
/// <remarks>Four groups of rows have weight gradients of their own, which are added in order: bits do not depend on the number of threads.</remarks>
internal unsafe struct ProjectionBackward : IRangeKernel
{
    /// <summary>Groups of rows.</summary>
    public const int Groups = 4;

    // Fewer rows are not worth their own partial sums.
    private const int FewestRows = 1024;

    // Floats of a stretch of both sides: half of the second-level cache.
    private const int StretchFloats = 1 << 17;

    /// <summary>The function behind the map, or null.</summary>
    public UnaryKind? Function;

    /// <summary>The function's argument, or null.</summary>
    public float* Argument;

    /// <summary>The result's gradient; becomes that of the function's argument.</summary>
    public float* Dy;

    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The weight, (in, out) or (out, in).</summary>
    public float* Weight;

    /// <summary>Whether the weight is (in, out).</summary>
    public bool InputsFirst;

    /// <summary>Receives the input's gradient, or null.</summary>
    public float* Dx;

    /// <summary>Whether to add to it.</summary>
    public bool Add;

    /// <summary>Receives the weight gradients of the groups, or null.</summary>
    public float* Partials;

    // The weight as the input's gradient reads it, packed once for all stretches.
    private float* _packed;

    public int Rows;
    public int Inputs;
    public int Outputs;

    // The weight's gradient as a product with the long side as its rows: the short side is packed, the long one is read where it lies.
    private static bool Turns(int inputs, int outputs, bool inputsFirst) => inputsFirst ? outputs > inputs : inputs > outputs;

    /// <summary>Whether so many rows are worth it.</summary>
    public static bool Applies(int rows, int inputs, int outputs) => rows >= FewestRows && (long)inputs * outputs >= 1 << 13 && inputs >= 32 && outputs >= 32 && inputs + outputs <= StretchFloats / 64;

    /// <summary>Runs all groups and adds up their weight gradients.</summary>
    /// <param name="dw">Receives the weight's gradient, or null.</param>
    /// <param name="addWeight">Whether to add to it.</param>
    public void Run(float* dw, bool addWeight)
    {
        if (Dx != null)
        {
            _packed = Scratch.Operands(Gemm.PackedCount(Inputs, Outputs));
            Gemm.Pack(Inputs, Outputs, Weight, InputsFirst ? Outputs : Inputs, InputsFirst, _packed);
        }

        Launch.Chunks(this, Groups, 1);
        if (dw != null)
        {
            AddUp(Partials, Inputs, Outputs, InputsFirst, dw, addWeight);
        }
    }

    /// <summary>Adds up the weight gradients of the groups.</summary>
    /// <param name="partials">Those of one group behind those of the other, as <see cref="WeightGradient"/> writes them; no longer valid after it.</param>
    /// <param name="inputs">Inputs of the map.</param>
    /// <param name="outputs">Outputs of the map.</param>
    /// <param name="inputsFirst">Whether the weight is (in, out).</param>
    /// <param name="dw">Receives the weight's gradient.</param>
    /// <param name="add">Whether to add to it.</param>
    public static void AddUp(float* partials, int inputs, int outputs, bool inputsFirst, float* dw, bool add)
    {
        nint longSide = Math.Max(inputs, outputs), shortSide = Math.Min(inputs, outputs);
        if (Turns(inputs, outputs, inputsFirst))
        {
            Launch.Rows(new TurnKernel { Partials = partials, Rows = longSide, Columns = shortSide, Sum = dw, Add = add }, longSide, shortSide);
        }
        else
        {
            AddUp(partials, longSide * shortSide, dw, add);
        }
    }

    /// <summary>Adds up what the groups have, element by element.</summary>
    public static void AddUp(float* partials, nint count, float* sum, bool add) => Launch.Range(new SumKernel { Partials = partials, Count = count, Sum = sum, Add = add }, count);

    /// <summary>dw (+)= the weight's gradient of some rows, on this thread; its long side lies in rows.</summary>
    public static void WeightGradient(float* x, float* dy, int rows, int inputs, int outputs, bool inputsFirst, float* dw, bool again)
    {
        bool xFirst = inputsFirst != Turns(inputs, outputs, inputsFirst);
        int m = xFirst ? inputs : outputs, n = xFirst ? outputs : inputs;
        Gemm.MultiplyHere(m, n, rows, xFirst ? x : dy, m, xFirst ? dy : x, n, dw, n, again);
    }

    /// <inheritdoc/>
    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        int stretch = StretchFloats / (Inputs + Outputs) & ~15;
        for (nint group = begin; group < end; group++)
        {
            int first = (int)(Rows * group / Groups), last = (int)(Rows * (group + 1) / Groups);
            for (int row = first; row < last; row += stretch)
            {
                Stretch(row, Math.Min(stretch, last - row), Partials == null ? null : Partials + (group * Inputs * Outputs), row > first);
            }
        }
    }

    private readonly void Stretch(int row, int rows, float* dw, bool again)
    {
        float* dy = Dy + ((nint)row * Outputs), x = X + ((nint)row * Inputs);
        if (Function is { } function)
        {
            // In place of the function's value: of ReLU both have one sign, GELU reads its argument alone.
            float* argument = Argument + ((nint)row * Outputs);
            Unary.Backward(function, argument, argument, dy, dy, (nint)rows * Outputs, false, 0f);
        }

        if (dw != null)
        {
            WeightGradient(x, dy, rows, Inputs, Outputs, InputsFirst, dw, again);
        }

        if (Dx != null)
        {
            Gemm.MultiplyPanels(rows, Inputs, Outputs, dy, Outputs, _packed, Dx + ((nint)row * Inputs), Inputs, null, Add);
        }
    }

    private struct SumKernel : IRangeKernel
    {
        public float* Partials;
        public float* Sum;
        public nint Count;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint i = begin; i < end; i += TV.Count)
            {
                nint n = Math.Min(TV.Count, end - i);
                TV sum = TV.LoadPartial(Partials + i, n);
                for (int group = 1; group < Groups; group++)
                {
                    sum += TV.LoadPartial(Partials + (group * Count) + i, n);
                }

                TV.StorePartial(Sum + i, n, Add ? TV.LoadPartial(Sum + i, n) + sum : sum);
            }
        }
    }

    /// <summary>Adds up the parts in the place of the first and turns the sum.</summary>
    private struct TurnKernel : IRangeKernel
    {
        public float* Partials;
        public float* Sum;
        public nint Rows;
        public nint Columns;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint count = Rows * Columns;
            for (nint i = begin * Columns; i < end * Columns; i += TV.Count)
            {
                nint n = Math.Min(TV.Count, (end * Columns) - i);
                TV sum = TV.LoadPartial(Partials + i, n);
                for (int group = 1; group < Groups; group++)
                {
                    sum += TV.LoadPartial(Partials + (group * count) + i, n);
                }

                TV.StorePartial(Partials + i, n, sum);
            }

            Transpose.Block(Partials + (begin * Columns), Columns, Sum + begin, Rows, end - begin, Columns, Add);
        }
    }
}
