namespace Pondus.Kernels;

/// <summary>One direction of one recurrent layer over a batch: sizes, memory, and how a core takes samples through all time steps.</summary>
/// <remarks>
/// <para>Samples are independent in the recurrence, so a core walks its own through all steps without waiting for others: their states stay in
/// its first and second cache while the packed weights stream past. Each row has the bits that it has alone, so the cut may follow the threads.</para>
/// <para>Rows of the kept memory are in the order of steps, then sample; the first step of the reverse direction is the last in time. A joined row is the step's input and the hidden state before it, so that
/// one product with both weights gives the sums, starting from the bias, and one more gives both weights' gradients.</para>
/// </remarks>
internal unsafe struct RecurrentJob
{
    // Three tiles of 14 rows: enough work for each panel of the weights that streams past, and the sums stay in the second cache.
    private const int MostRows = 42;
    private const int FewestRows = 4;
    private const int FewestProductRows = 64;
    private const double ParallelWork = 4e5;

    public RecurrentKind Kind;
    public int Steps;
    public int Batch;
    public int Inputs;
    public int Hidden;
    public bool Reverse;

    /// <summary>Whether the steps keep their memory for a backward pass; otherwise all use that of one.</summary>
    public bool Keeps;

    /// <summary>The input, whose step and sample lie at these distances.</summary>
    public float* X;
    public nint XStep;
    public nint XSample;

    /// <summary>The output of this direction.</summary>
    public float* Out;
    public nint OutStep;
    public nint OutSample;

    public float* Bias;
    public float* ForwardPanels;

    /// <summary>What each token's vector adds to the sums, the bias with it, when the input is tokens and the joined rows have no input; else null.</summary>
    public float* Table;

    /// <summary>The tokens in the order of the steps of this direction, then sample.</summary>
    public int* Tokens;

    /// <summary>Sums, then gates, then gradients of the sums.</summary>
    public float* Gates;
    public float* Joined;

    /// <summary>Cell states: before the first step processed, then after each; null without.</summary>
    public float* Cells;
    public float* FirstHidden;
    public float* FirstCell;
    public float* LastHidden;
    public int* Lengths;

    public float* OutGradient;
    public float* InputGradient;
    public bool AddInputGradient;
    public float* DHidden;
    public float* DCell;
    public float* HiddenPanels;
    public float* InputPanels;

    public readonly int JoinedWidth => Inputs + Hidden;

    public readonly int SumWidth => RecurrentPart.SumsOf(Kind) * Hidden;

    /// <summary>The memory of the cell state after the last step.</summary>
    public readonly float* LastCell => Cells + (Keeps ? (nint)Steps * Batch * Hidden : 0);

    /// <summary>Runs directions forward.</summary>
    public static void Forward(RecurrentJob* jobs, int directions) => Run(jobs, directions, 0, jobs->Steps, &ForwardUnit);

    /// <summary>Runs some steps of all directions backward, up to the gradients of the weights.</summary>
    public static void Backward(RecurrentJob* jobs, int directions, int firstStep, int endStep) => Run(jobs, directions, firstStep, endStep, &BackwardUnit);

    private static void Run(RecurrentJob* jobs, int directions, int firstStep, int endStep, delegate*<int, void*, void> unit)
    {
        int batch = jobs->Batch, threads = Pool.ThreadCount;
        if (batch == 0)
        {
            return;
        }

        double work = 2.0 * batch * (endStep - firstStep) * jobs->JoinedWidth * jobs->SumWidth;
        int most = (batch + FewestRows - 1) / FewestRows;
        int units = work < ParallelWork ? 1 : Math.Clamp((((batch + MostRows - 1) / MostRows) + threads - 1) / threads * threads, 1, most);
        Cut cut = new() { Jobs = jobs, Directions = directions, Units = units, FirstStep = firstStep, EndStep = endStep };
        Pool.Run(unit, &cut, units);
    }

    private static void ForwardUnit(int unit, void* state)
    {
        Cut* cut = (Cut*)state;
        for (int d = 0; d < cut->Directions; d++)
        {
            cut->Jobs[d].Forward(cut->First(unit), cut->First(unit + 1));
        }
    }

    private static void BackwardUnit(int unit, void* state)
    {
        Cut* cut = (Cut*)state;
        for (int d = 0; d < cut->Directions; d++)
        {
            cut->Jobs[d].Backward(cut->First(unit), cut->First(unit + 1), cut->FirstStep, cut->EndStep);
        }
    }

    /// <summary>product (+)= the gradients of a part's sums, transposed, times the joined rows, over some steps.</summary>
    /// <remarks>Each core takes rows of the result from start to end, so that the larger operand is packed once and not once for each block of columns.</remarks>
    public static void WeightProduct(ref readonly RecurrentJob job, RecurrentPart part, int firstStep, int endStep, float* product, bool accumulate)
    {
        nint first = (nint)firstStep * job.Batch;
        Product whole = new()
        {
            Rows = part.Width,
            Columns = part.Inner(job.Inputs, job.Hidden),
            Inner = (endStep - firstStep) * job.Batch,
            A = job.Gates + (first * job.SumWidth) + part.Column,
            Lda = job.SumWidth,
            B = job.Joined + (first * job.JoinedWidth) + (part.InputRow >= 0 ? 0 : job.Inputs),
            Ldb = job.JoinedWidth,
            C = product,
            Accumulate = accumulate,
        };

        // By shape alone: a small result may cut its sums.
        if (Math.Min(whole.Rows, whole.Columns) < FewestProductRows)
        {
            Gemm.Multiply(whole.Rows, whole.Columns, whole.Inner, whole.A, whole.Lda, true, whole.B, whole.Ldb, false, product, whole.Columns, accumulate);
            return;
        }

        whole.Units = Math.Min(Pool.ThreadCount, whole.Rows / FewestProductRows);
        Pool.Run(&ProductUnit, &whole, whole.Units);
    }

    private static void ProductUnit(int unit, void* state)
    {
        Product* whole = (Product*)state;
        int first = (int)((long)whole->Rows * unit / whole->Units), end = (int)((long)whole->Rows * (unit + 1) / whole->Units);
        Gemm.MultiplyHere(end - first, whole->Columns, whole->Inner, whole->A + first, whole->Lda, whole->B, whole->Ldb, whole->C + ((nint)first * whole->Columns), whole->Columns, whole->Accumulate);
    }

    private void Forward(int first, int end)
    {
        int rows = end - first;
        SetRows(Joined + RowOf(0, first, JoinedWidth) + Inputs, JoinedWidth, FirstHidden, first, rows);
        if (Cells != null)
        {
            SetRows(Cells + ((nint)first * Hidden), Hidden, FirstCell, first, rows);
        }

        for (int step = 0; step < Steps; step++)
        {
            float* joined = Joined + RowOf(step, first, JoinedWidth);
            float* gates = Gates + RowOf(step, first, SumWidth);
            CopyInput(joined, gates, step, first, rows);
            Multiply(joined, gates, rows);

            bool isLast = step == Steps - 1;
            RecurrentRows at = RowsAt(step, first);
            at.Next = isLast ? LastHidden + ((nint)first * Hidden) : Joined + RowOf(step + 1, first, JoinedWidth) + Inputs;
            at.NextStride = isLast ? Hidden : JoinedWidth;
            at.Out = Out + (TimeOf(step) * OutStep) + (first * OutSample);
            switch (Kind)
            {
                case RecurrentKind.Lstm:
                    Launch.Chunks(new RecurrentForwardKernel<LstmCell> { Rows = at }, rows, rows);
                    break;
                case RecurrentKind.Gru:
                    Launch.Chunks(new RecurrentForwardKernel<GruCell> { Rows = at }, rows, rows);
                    break;
                case RecurrentKind.Relu:
                    Launch.Chunks(new RecurrentForwardKernel<ReluCell> { Rows = at }, rows, rows);
                    break;
                default:
                    Launch.Chunks(new RecurrentForwardKernel<TanhCell> { Rows = at }, rows, rows);
                    break;
            }
        }
    }

    private void Backward(int first, int end, int firstStep, int endStep)
    {
        int rows = end - first, gateRows = RecurrentPart.GatesOf(Kind) * Hidden;
        bool isDirect = Kind == RecurrentKind.Gru || Lengths != null;
        for (int step = endStep - 1; step >= firstStep; step--)
        {
            RecurrentRows at = RowsAt(step, first);
            at.Out = OutGradient + (TimeOf(step) * OutStep) + (first * OutSample);
            at.DHidden = DHidden + ((nint)first * Hidden);
            at.DCell = DCell + ((nint)first * Hidden);
            switch (Kind)
            {
                case RecurrentKind.Lstm:
                    Launch.Chunks(new RecurrentBackwardKernel<LstmCell> { Rows = at }, rows, rows);
                    break;
                case RecurrentKind.Gru:
                    Launch.Chunks(new RecurrentBackwardKernel<GruCell> { Rows = at }, rows, rows);
                    break;
                case RecurrentKind.Relu:
                    Launch.Chunks(new RecurrentBackwardKernel<ReluCell> { Rows = at }, rows, rows);
                    break;
                default:
                    Launch.Chunks(new RecurrentBackwardKernel<TanhCell> { Rows = at }, rows, rows);
                    break;
            }

            float* ofHidden = Kind == RecurrentKind.Gru ? at.Gates + Hidden : at.Gates;
            Gemm.MultiplyPanels(rows, Hidden, gateRows, ofHidden, SumWidth, HiddenPanels, at.DHidden, Hidden, null, isDirect);
            if (InputGradient != null)
            {
                float* dx = InputGradient + (TimeOf(step) * XStep) + (first * XSample);
                Gemm.MultiplyPanels(rows, Inputs, gateRows, at.Gates, SumWidth, InputPanels, dx, checked((int)XSample), null, AddInputGradient);
            }
        }
    }

    private readonly RecurrentRows RowsAt(int step, int first) => new()
    {
        Width = Hidden,
        Gates = Gates + RowOf(step, first, SumWidth),
        GatesStride = SumWidth,
        Hidden = Joined + RowOf(step, first, JoinedWidth) + Inputs,
        HiddenStride = JoinedWidth,
        CellBefore = Cells == null ? null : Cells + ((((Keeps ? (nint)step : 0) * Batch) + first) * Hidden),
        CellAfter = Cells == null ? null : Cells + ((((Keeps ? (nint)step + 1 : 0) * Batch) + first) * Hidden),
        OutStride = OutSample,
        Lengths = Lengths == null ? null : Lengths + first,
        Time = TimeOf(step),
    };

    private readonly int TimeOf(int step) => Reverse ? Steps - 1 - step : step;

    private readonly nint RowOf(int step, int first, int width) => (((Keeps ? (nint)step : 0) * Batch) + first) * width;

    private readonly void Multiply(float* joined, float* gates, int rows)
    {
        float* packed = ForwardPanels;
        for (int i = 0; i < RecurrentPart.CountOf(Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(Kind, i, Hidden);
            int inner = part.Inner(Inputs, Hidden);
            bool isBegun = Table != null && part.InputRow >= 0;
            if (inner > 0)
            {
                float* a = part.InputRow >= 0 ? joined : joined + Inputs;
                Gemm.MultiplyPanels(rows, part.Width, inner, a, JoinedWidth, packed, gates + part.Column, SumWidth, isBegun ? null : Bias + part.Column, isBegun);
            }

            packed += RecurrentPanels.Count(part.Width, inner);
        }
    }

    private readonly void CopyInput(float* joined, float* gates, int step, int first, int rows)
    {
        if (Table != null)
        {
            int* tokens = Tokens + ((nint)step * Batch) + first;
            for (int row = 0; row < rows; row++, gates += SumWidth)
            {
                new ReadOnlySpan<float>(Table + ((nint)tokens[row] * SumWidth), SumWidth).CopyTo(new Span<float>(gates, SumWidth));
            }

            return;
        }

        float* x = X + (TimeOf(step) * XStep) + (first * XSample);
        for (int row = 0; row < rows; row++, x += XSample, joined += JoinedWidth)
        {
            new ReadOnlySpan<float>(x, Inputs).CopyTo(new Span<float>(joined, Inputs));
        }
    }

    private readonly void SetRows(float* to, int stride, float* from, int first, int rows)
    {
        for (int row = 0; row < rows; row++, to += stride)
        {
            Span<float> target = new(to, Hidden);
            if (from == null)
            {
                target.Clear();
            }
            else
            {
                new ReadOnlySpan<float>(from + ((nint)(first + row) * Hidden), Hidden).CopyTo(target);
            }
        }
    }

    private struct Product
    {
        public int Units;
        public int Rows;
        public int Columns;
        public int Inner;
        public float* A;
        public int Lda;
        public float* B;
        public int Ldb;
        public float* C;
        public bool Accumulate;
    }

    private struct Cut
    {
        public RecurrentJob* Jobs;
        public int Directions;
        public int Units;
        public int FirstStep;
        public int EndStep;

        public readonly int First(int unit) => (int)((long)Jobs->Batch * unit / Units);
    }
}
