using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>One depthwise pass; its units are the rows of all target images.</summary>
internal unsafe struct DepthwiseKernel : IRangeKernel
{
    public DepthwiseAxis Rows;
    public DepthwiseAxis Columns;
    public nint Channels;
    public nint RowCount;
    public (int Begin, int Places)* Runs;
    public int RunCount;

    /// <summary>The source's columns under the taps of each run, see <see cref="DepthwiseAxis.FindRuns"/>.</summary>
    public int* RunSources;
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

    /// <summary>Cuts the rows into runs, into memory that is kept until the pass ends.</summary>
    public void FindRuns((int Begin, int Places)* runs, int* sources)
    {
        Runs = runs;
        RunSources = sources;
        RunCount = Columns.FindRuns(runs, sources);
    }

    /// <summary>Works on rows; when the weight is summed, on one part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        int* rowSources = stackalloc int[Rows.Taps];
        for (nint row = begin; row < end; row++)
        {
            nint image = row / height;
            float* source = Source + (image * Rows.Source * Columns.Source * Channels), target = Target + (row * Columns.Target * Channels);
            for (int ky = 0; ky < Rows.Taps; ky++)
            {
                rowSources[ky] = Rows.Find((int)(row - (image * height)), ky);
            }

            for (int run = 0; run < RunCount; run++)
            {
                int* columnSources = RunSources + (run * Columns.Taps);
                int places = Runs[run].Places, done = 0;
                float* first = target + (Runs[run].Begin * Channels);
                if (places >= 4 && IsWhole(columnSources))
                {
                    done = WholeRows<TV>(taps, FindRows(rowSources, columnSources, taps), places, columnSources[1] < columnSources[0], source, weight, first);
                }

                if (done < places)
                {
                    int count = FindTaps(rowSources, columnSources, taps);
                    Tile<TV>(taps, count, places - done, source + (done * Columns.SourceStep * Channels), weight, first + (done * Columns.TargetStep * Channels));
                }
            }
        }
    }

    private readonly int FindTaps(int* rowSources, int* columnSources, DepthwiseTap* taps)
    {
        int count = 0;
        for (int ky = 0; ky < Rows.Taps; ky++)
        {
            for (int kx = 0; rowSources[ky] >= 0 && kx < Columns.Taps; kx++)
            {
                if (columnSources[kx] >= 0)
                {
                    nint place = ((nint)rowSources[ky] * Columns.Source) + columnSources[kx];
                    taps[count++] = new() { Source = place * Channels, Weight = ((ky * Columns.Taps) + kx) * Channels };
                }
            }
        }

        return count;
    }

    private readonly bool IsWhole(int* columnSources)
    {
        if (Columns.TargetStep != 1 || Columns.SourceStep > 2 || Columns.Dilation != 1 || (Columns.Taps != 3 && Columns.Taps != 5))
        {
            return false;
        }

        for (int kx = 0; kx < Columns.Taps; kx++)
        {
            if (columnSources[kx] < 0)
            {
                return false;
            }
        }

        return true;
    }

    // The leftmost place of each kernel row; backward that is the last tap's.
    private readonly int FindRows(int* rowSources, int* columnSources, DepthwiseTap* taps)
    {
        int count = 0, kx = columnSources[1] < columnSources[0] ? Columns.Taps - 1 : 0;
        for (int ky = 0; ky < Rows.Taps; ky++)
        {
            if (rowSources[ky] >= 0)
            {
                nint place = ((nint)rowSources[ky] * Columns.Source) + columnSources[kx];
                taps[count++] = new() { Source = place * Channels, Weight = ((ky * Columns.Taps) + kx) * Channels };
            }
        }

        return count;
    }

    private readonly int WholeRows<TV>(DepthwiseTap* rows, int count, int places, bool mirrored, float* source, float* weight, float* target)
        where TV : struct, IVector<TV>
    {
        nint c = Channels, wStep = mirrored ? -c : c;
        if (PartRows != 0)
        {
            return (Columns.Taps, Columns.SourceStep) switch
            {
                (3, 1) => DepthwiseRowTiles.Correlate3Stride1<TV>(places, rows, count, source, c, weight, wStep, target, c, c),
                (3, _) => DepthwiseRowTiles.Correlate3Stride2<TV>(places, rows, count, source, c, weight, wStep, target, c, c),
                (_, 1) => DepthwiseRowTiles.Correlate5Stride1<TV>(places, rows, count, source, c, weight, wStep, target, c, c),
                _ => DepthwiseRowTiles.Correlate5Stride2<TV>(places, rows, count, source, c, weight, wStep, target, c, c),
            };
        }

        float* start = Add ? target : Start;
        nint startStep = Add ? c : 0;
        return (Columns.Taps, Columns.SourceStep) switch
        {
            (3, 1) => DepthwiseRowTiles.Sum3Stride1<TV>(places, rows, count, source, c, weight, wStep, start, startStep, target, c, c, Relu),
            (3, _) => DepthwiseRowTiles.Sum3Stride2<TV>(places, rows, count, source, c, weight, wStep, start, startStep, target, c, c, Relu),
            (_, 1) => DepthwiseRowTiles.Sum5Stride1<TV>(places, rows, count, source, c, weight, wStep, start, startStep, target, c, c, Relu),
            _ => DepthwiseRowTiles.Sum5Stride2<TV>(places, rows, count, source, c, weight, wStep, start, startStep, target, c, c, Relu),
        };
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
