using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>A convolution, forwards or backwards, over packed weights, and how its work is cut into units.</summary>
/// <remarks>
/// <para>Channels lie last and padding is not stored: the output is cut into rectangles whose places see the same taps, nine for a usual
/// convolution. In one of them the taps of a kernel row are one stretch of memory, and the places are rows of a matrix at a fixed
/// distance: the tiles of a matrix product run over it without a copy.</para>
/// <para>Every element is one chain of multiply-adds in the order of the packed weights: no cut changes a bit of the result.</para>
/// </remarks>
internal unsafe struct ConvJob
{
    // Images that are computed together, so that the small rectangles at the borders fill tiles too; they stay in the second-level cache.
    private const int BlockFloats = 65536;
    private const int MostImages = 8;

    // More packed weights than these are taken panel by panel.
    private const nint CachedWeights = 98304;

    // Below some 2 us on one thread the fork does not pay.
    private const double ParallelWork = 4e5;

    public int KernelHeight;
    public int KernelWidth;
    public ConvAxis AxisY;
    public ConvAxis AxisX;
    public int Batch;
    public int Groups;
    public int InChannels;
    public int OutChannels;
    public float* X;
    public float* Weights;
    public ConvOutput Output;

    private int _images;
    private int _blocks;
    private int _panels;
    private int _panelCuts;
    private int _rows;
    private int _rowCuts;

    public readonly int GroupIn => InChannels / Groups;

    public readonly int GroupOut => OutChannels / Groups;

    /// <summary>Floats of packed weights for one output channel.</summary>
    public readonly nint Depth => (nint)KernelHeight * KernelWidth * GroupIn;

    /// <summary>Channels of a group when its last panel is filled up.</summary>
    public readonly int PaddedOut => ConvTiles.Padded(GroupOut);

    /// <summary>The convolution forwards.</summary>
    /// <param name="g">Its sizes.</param>
    /// <param name="integers">Room for its axes.</param>
    public static ConvJob Forward(in ConvGeometry g, int* integers) => Make(in g, g.InChannels, g.OutChannels) with
    {
        AxisY = ConvAxis.Forward(g.InHeight, g.OutHeight, g.KernelHeight, g.StrideY, g.PadTop, g.DilationY, integers),
        AxisX = ConvAxis.Forward(g.InWidth, g.OutWidth, g.KernelWidth, g.StrideX, g.PadLeft, g.DilationX, integers + ConvAxis.IntegerCount(g.KernelHeight, g.InHeight, g.StrideY)),
    };

    /// <summary>The convolution backwards: its input is the forward one's output.</summary>
    /// <param name="g">Its sizes.</param>
    /// <param name="integers">Room for its axes.</param>
    public static ConvJob Backward(in ConvGeometry g, int* integers) => Make(in g, g.OutChannels, g.InChannels) with
    {
        AxisY = ConvAxis.Backward(g.InHeight, g.OutHeight, g.KernelHeight, g.StrideY, g.PadTop, g.DilationY, integers),
        AxisX = ConvAxis.Backward(g.InWidth, g.OutWidth, g.KernelWidth, g.StrideX, g.PadLeft, g.DilationX, integers + ConvAxis.IntegerCount(g.KernelHeight, g.InHeight, g.StrideY)),
    };

    /// <summary>Integers that the axes need.</summary>
    public static int IntegerCount(in ConvGeometry g) =>
        ConvAxis.IntegerCount(g.KernelHeight, g.InHeight, g.StrideY) + ConvAxis.IntegerCount(g.KernelWidth, g.InWidth, g.StrideX);

    /// <summary>Runs the convolution on this thread or on the pool, as its size deserves.</summary>
    /// <param name="x">Input.</param>
    /// <param name="packed">Weights as <see cref="ConvPack"/> left them.</param>
    /// <param name="output">What comes out.</param>
    /// <param name="work">Floating-point operations.</param>
    public void Run(float* x, float* packed, in ConvOutput output, double work)
    {
        X = x;
        Weights = packed;
        Output = output;
        if (Batch == 0)
        {
            return;
        }

        fixed (ConvJob* self = &this)
        {
            int units = Plan(work < ParallelWork ? 1 : Pool.ThreadCount);
            if (units == 1)
            {
                RunUnit(0, self);
            }
            else
            {
                Pool.Run(&RunUnit, self, units);
            }
        }
    }

    // The cuts may follow the thread count because they change no bit.
    private int Plan(int threads)
    {
        long imageFloats = ((long)AxisY.InSize * AxisX.InSize * InChannels) + ((long)AxisY.OutSize * AxisX.OutSize * OutChannels);
        int wanted = threads == 1 ? 1 : 4 * threads, width = ConvTiles.PanelWidth, groupPanels = (GroupOut + width - 1) / width;
        _images = (int)Math.Clamp(BlockFloats / Math.Max(1, imageFloats), 1, Math.Min(MostImages, Math.Max(1, Batch / wanted)));
        _blocks = (Batch + _images - 1) / _images;
        _panels = groupPanels * Groups;
        bool cached = Depth * PaddedOut * Groups <= CachedWeights;
        _panelCuts = cached ? Math.Clamp(wanted / _blocks, 1, _panels) : _panels;
        _rowCuts = Math.Clamp(wanted / (_blocks * _panelCuts), 1, AxisY.OutSize);
        _rows = (AxisY.OutSize + _rowCuts - 1) / _rowCuts;
        _rows += Output.Pooled ? _rows & 1 : 0;
        _rowCuts = (AxisY.OutSize + _rows - 1) / _rows;
        return _blocks * _panelCuts * _rowCuts;
    }

    private static void RunUnit(int unit, void* state)
    {
        ref ConvJob job = ref *(ConvJob*)state;
        int cut = unit / (job._blocks * job._rowCuts), rest = unit - (cut * job._blocks * job._rowCuts);
        int block = rest / job._rowCuts, row = (rest - (block * job._rowCuts)) * job._rows;
        int image = block * job._images, width = ConvTiles.PanelWidth, groupPanels = job._panels / job.Groups;
        ConvWork work = new()
        {
            Job = (ConvJob*)state,
            FirstImage = image,
            LastImage = Math.Min(job.Batch, image + job._images),
            FirstRow = row,
            LastRow = Math.Min(job.AxisY.OutSize, row + job._rows),
        };
        nint segments = (nint)job.KernelHeight * job.KernelWidth * (sizeof(ConvSegment) / sizeof(float)), rowFloats = (nint)job.AxisX.OutSize * job.OutChannels, imageFloats = job.AxisY.OutSize * rowFloats;
        nint aside = job.Output.Pooled ? ((work.LastImage - image - 1) * imageFloats) + ((work.LastRow - row) * rowFloats) : 0;
        float* scratch = Scratch.Panels(((segments + 15) & ~15) + aside), pooled = scratch + ((segments + 15) & ~15);

        // Places lie there as they would in the whole output.
        float* y = job.Output.Pooled ? pooled - (image * imageFloats) - (row * rowFloats) : job.Output.Y;
        work.Tile.Segments = (ConvSegment*)scratch;
        work.Tile.Relu = job.Output.Relu ? 1 : 0;
        work.Tile.Add = job.Output.Add ? 1 : 0;
        int first = (int)((long)job._panels * cut / job._panelCuts), last = (int)((long)job._panels * (cut + 1) / job._panelCuts);
        for (int panel = first; panel < last; panel++)
        {
            int group = panel / groupPanels, column = (panel - (group * groupPanels)) * width;
            work.Tile.Columns = Math.Min(width, job.GroupOut - column);
            work.Tile.Width = work.Tile.Columns <= ConvTiles.Lanes ? ConvTiles.Lanes : width;
            work.Tile.Weights = job.Weights + (((nint)group * job.PaddedOut) + column) * job.Depth;
            work.Tile.Bias = job.Output.Bias == null ? null : job.Output.Bias + ((nint)group * job.GroupOut) + column;
            work.X = job.X + ((nint)group * job.GroupIn);
            work.Y = y + ((nint)group * job.GroupOut) + column;
            work.Panel();
            if (job.Output.Pooled)
            {
                job.PoolPanel(in work, pooled, (group * job.GroupOut) + column);
            }
        }
    }

    private readonly void PoolPanel(in ConvWork work, float* from, int channel)
    {
        int height = AxisY.OutSize / 2, width = AxisX.OutSize / 2;
        nint row = (nint)width * OutChannels, at = (((work.FirstImage * (nint)height) + (work.FirstRow / 2)) * row) + channel;
        ConvPool.Forward(new ConvPoolRows
        {
            Source = from + channel,
            Target = Output.Y + at,
            Winners = Output.Winners == null ? null : Output.Winners + at,
            Images = work.LastImage - work.FirstImage,
            Height = (work.LastRow - work.FirstRow) / 2,
            Width = width,
            SourceWidth = AxisX.OutSize,
            Channels = work.Tile.Columns,
            Pitch = OutChannels,
            SourceImage = (nint)AxisY.OutSize * AxisX.OutSize * OutChannels,
            TargetImage = height * row,
        });
    }

    private static ConvJob Make(in ConvGeometry g, int inChannels, int outChannels) => new()
    {
        KernelHeight = g.KernelHeight,
        KernelWidth = g.KernelWidth,
        Batch = g.Batch,
        Groups = g.Groups,
        InChannels = inChannels,
        OutChannels = outChannels,
    };
}
