namespace Pondus.Kernels;

/// <summary>One depthwise pass; its units are the rows of all target images.</summary>
internal unsafe struct DepthwiseKernel : IRangeKernel
{
    public DepthwiseAxis Rows;
    public DepthwiseAxis Columns;
    public nint Channels;
    public nint RowCount;
    public float* Source;
    public float* Target;

    /// <summary>Tap by tap; or the sums of all parts.</summary>
    public float* Weight;

    /// <summary>Bias, or null.</summary>
    public float* Start;
    public bool Add;
    public bool Relu;

    /// <summary>Rows of a part when the weight is summed; otherwise 0.</summary>
    public nint PartRows;

    /// <summary>Gets the rows of a chunk.</summary>
    public readonly nint Grain => Launch.Grain(Columns.Target * Channels);

    public readonly void Run<TV>(nint begin, nint end)
        where TV : struct, IVector<TV>
    {
        int height = Rows.Target;
        nint size = Rows.Taps * Columns.Taps * Channels;
        float* weight = Weight;
        if (PartRows != 0)
        {
            weight += begin / PartRows * size;
            new Span<float>(weight, (int)size).Clear();
        }

        DepthwiseTap* taps = stackalloc DepthwiseTap[Rows.Taps * Columns.Taps];
        for (nint row = begin; row < end; row++)
        {
            nint image = row / height;
            float* source = Source + (image * Rows.Source * Columns.Source * Channels), target = Target + (row * Columns.Target * Channels);
            for (int phase = 0; phase < Math.Min(Columns.TargetStep, Columns.Target); phase++)
            {
                for (int column = phase; column < Columns.Target;)
                {
                    int places = Columns.Alike(column), count = FindTaps((int)(row - (image * height)), column, taps);
                    Tile<TV>(taps, count, places, source, weight, target + (column * Channels));
                    column += places * Columns.TargetStep;
                }
            }
        }
    }

    private readonly int FindTaps(int row, int column, DepthwiseTap* taps)
    {
        int count = 0;
        for (int ky = 0; ky < Rows.Taps; ky++)
        {
            int y = Rows.Find(row, ky);
            for (int kx = 0; y >= 0 && kx < Columns.Taps; kx++)
            {
                int x = Columns.Find(column, kx);
                if (x >= 0)
                {
                    taps[count++] = new() { Source = (((nint)y * Columns.Source) + x) * Channels, Weight = ((ky * Columns.Taps) + kx) * Channels };
                }
            }
        }

        return count;
    }

    private readonly void Tile<TV>(DepthwiseTap* taps, int count, int places, float* source, float* weight, float* target)
        where TV : struct, IVector<TV>
    {
        nint sourceStep = Columns.SourceStep * Channels, targetStep = Columns.TargetStep * Channels;
        if (PartRows != 0)
        {
            DepthwiseTiles.Correlate<TV>(places, taps, count, source, sourceStep, weight, target, targetStep, Channels);
        }
        else
        {
            float* start = Add ? target : Start;
            DepthwiseTiles.Sum<TV>(places, taps, count, source, sourceStep, weight, start, Add ? targetStep : 0, target, targetStep, Channels, Relu);
        }
    }
}
