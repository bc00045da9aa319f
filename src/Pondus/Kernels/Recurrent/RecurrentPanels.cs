namespace Pondus.Kernels;

/// <summary>Lays the weights of a recurrent layer out as its products read them, once for all time steps.</summary>
internal static unsafe class RecurrentPanels
{
    /// <summary>Floats of the panels of n columns and k rows.</summary>
    public static nint Count(int n, int k) => (nint)((n + GemmJob.TileColumns - 1) / GemmJob.TileColumns) * GemmJob.TileColumns * k;

    /// <summary>Floats of all panels of the forward pass.</summary>
    public static int ForwardCount(RecurrentKind kind, int inputs, int hidden)
    {
        nint count = 0;
        for (int i = 0; i < RecurrentPart.CountOf(kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(kind, i, hidden);
            count += Count(part.Width, part.Inner(inputs, hidden));
        }

        return checked((int)count);
    }

    /// <summary>Packs both weights, transposed and below each other, for the forward pass.</summary>
    public static void Forward(RecurrentKind kind, int inputs, int hidden, float* inputWeight, float* hiddenWeight, float* packed)
    {
        for (int i = 0; i < RecurrentPart.CountOf(kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(kind, i, hidden);
            int inner = part.Inner(inputs, hidden), upper = part.InputRow >= 0 ? inputs : 0;
            Job job = new() { Columns = part.Width, Inner = inner, Transposed = true, Packed = packed };
            if (upper > 0)
            {
                job.First = new() { Data = inputWeight + ((nint)part.InputRow * inputs), Stride = inputs, Rows = inputs };
            }

            if (part.HiddenRow >= 0)
            {
                job.Second = new() { Data = hiddenWeight + ((nint)part.HiddenRow * hidden), Stride = hidden, Rows = hidden, At = upper };
            }

            Run(&job);
            packed += Count(part.Width, inner);
        }
    }

    /// <summary>Packs a weight (gates, columns) for the gradient of what it was multiplied with.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="rows">Rows of the weight.</param>
    /// <param name="columns">Columns of the weight.</param>
    /// <param name="firstRow">Row that is taken first; those before it follow at the end.</param>
    /// <param name="packed">Receives the panels.</param>
    public static void Backward(float* weight, int rows, int columns, int firstRow, float* packed)
    {
        Job job = new() { Columns = columns, Inner = rows, Packed = packed };
        job.First = new() { Data = weight + ((nint)firstRow * columns), Stride = columns, Rows = rows - firstRow };
        job.Second = new() { Data = weight, Stride = columns, Rows = firstRow, At = rows - firstRow };
        Run(&job);
    }

    private static void Run(Job* job) => Pool.Run(&Panel, job, (job->Columns + GemmJob.TileColumns - 1) / GemmJob.TileColumns);

    private static void Panel(int panel, void* state)
    {
        Job* job = (Job*)state;
        int width = GemmJob.TileColumns, column = panel * width, columns = Math.Min(width, job->Columns - column);
        float* to = job->Packed + ((nint)column * job->Inner);
        Copy(in job->First, job->Transposed, column, columns, to, width);
        Copy(in job->Second, job->Transposed, column, columns, to, width);
    }

    private static void Copy(ref readonly Source source, bool transposed, int column, int columns, float* panel, int width)
    {
        if (source.Rows > 0)
        {
            float* from = transposed ? source.Data + (column * source.Stride) : source.Data + column;
            GemmPack.Columns(from, source.Stride, transposed, columns, source.Rows, panel + ((nint)source.At * width), width);
        }
    }

    private struct Source
    {
        public float* Data;
        public nint Stride;
        public int Rows;
        public int At;
    }

    private struct Job
    {
        public int Columns;
        public int Inner;
        public bool Transposed;
        public Source First;
        public Source Second;
        public float* Packed;
    }
}
