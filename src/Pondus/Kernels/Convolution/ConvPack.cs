using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>Lays weights out in the order in which the tiles read them: by group, panel of output channels, tap and input channel.</summary>
internal unsafe struct ConvPack
{
    // A transposed block stays in the first-level cache until its rows are put into their places.
    private const int BlockRows = 128;

    private ConvJob _job;
    private float* _from;
    private float* _to;
    private bool _backward;

    /// <summary>Floats of the packed weights of a convolution forwards.</summary>
    public static int ForwardCount(in ConvGeometry g) => Count(in g, g.GroupInChannels, g.GroupOutChannels);

    /// <summary>Floats of the packed weights of a convolution backwards.</summary>
    public static int BackwardCount(in ConvGeometry g) => Count(in g, g.GroupOutChannels, g.GroupInChannels);

    /// <summary>Packs.</summary>
    /// <param name="job">The convolution; its axes tell the order of the taps.</param>
    /// <param name="backward">Whether its outputs are the inputs of the weight.</param>
    /// <param name="weight">The weight, as it is stored.</param>
    /// <param name="packed">Receives the panels.</param>
    public static void Run(in ConvJob job, bool backward, float* weight, float* packed)
    {
        ConvPack pack = new() { _job = job, _from = weight, _to = packed, _backward = backward };
        int units = job.Groups * ((job.GroupOut + ConvTiles.PanelWidth - 1) / ConvTiles.PanelWidth);
        Pool.Run(&Panel, &pack, units);
    }

    private static int Count(in ConvGeometry g, int inputs, int outputs) => checked(g.Taps * inputs * ConvTiles.Padded(outputs) * g.Groups);

    private static void Panel(int unit, void* state)
    {
        ref ConvPack pack = ref *(ConvPack*)state;
        int width = ConvTiles.PanelWidth, groupPanels = (pack._job.GroupOut + width - 1) / width, group = unit / groupPanels, column = (unit - (group * groupPanels)) * width;
        int columns = Math.Min(width, pack._job.GroupOut - column);
        if (columns <= ConvTiles.Lanes)
        {
            width = ConvTiles.Lanes;
        }

        float* to = pack._to + ((((nint)group * pack._job.PaddedOut) + column) * pack._job.Depth);
        if (pack._backward)
        {
            pack.Backward(group, column, columns, width, to);
        }
        else
        {
            pack.Forward(group, column, columns, width, to);
        }
    }

    // The columns are filters: transposed as a matrix, their rows are (input channel, tap).
    private readonly void Forward(int group, int column, int columns, int width, float* to)
    {
        int depth = _job.GroupIn, taps = _job.KernelHeight * _job.KernelWidth, size = depth * taps;
        float* from = _from + (((nint)group * _job.GroupOut) + column) * size;
        if (taps == 1)
        {
            GemmPack.Columns(from, size, true, columns, size, to, width);
            return;
        }

        int block = Math.Clamp(BlockRows / taps, 1, depth);
        float* rows = Scratch.Panels((nint)block * taps * width);
        for (int i = 0; i < depth; i += block)
        {
            int count = Math.Min(block, depth - i);
            GemmPack.Columns(from + ((nint)i * taps), size, true, columns, (nint)count * taps, rows, width);
            Place(rows, taps, count, to + ((nint)i * width), (nint)depth * width, width);
        }
    }

    // The columns are channels inside each filter.
    private readonly void Backward(int group, int column, int columns, int width, float* to)
    {
        int depth = _job.GroupIn, taps = _job.KernelHeight * _job.KernelWidth, size = _job.GroupOut * taps;
        float* from = _from + ((nint)group * depth * size) + (column * (nint)taps), rows = Scratch.Panels((nint)taps * width);
        for (int i = 0; i < depth; i++, from += size, to += width)
        {
            GemmPack.Columns(from, taps, true, columns, taps, rows, width);
            Place(rows, taps, 1, to, (nint)depth * width, width);
        }
    }

    // Rows (channel, tap of the kernel) to their places (tap in the order of the axes, channel).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Place(float* rows, int taps, int count, float* to, nint tapStep, int width)
    {
        int height = _job.KernelHeight, kernelWidth = _job.KernelWidth;
        for (int ty = 0; ty < height; ty++)
        {
            for (int tx = 0; tx < kernelWidth; tx++, to += tapStep)
            {
                float* from = rows + (((_job.AxisY.Taps[ty] * (nint)kernelWidth) + _job.AxisX.Taps[tx]) * width), target = to;
                for (int i = 0; i < count; i++, from += (nint)taps * width, target += width)
                {
                    Copy(from, target, width);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int width)
    {
        if (KernelSet.HasAvx512)
        {
            Vector512.Store(Vector512.Load(from), to);
            if (width == 32)
            {
                Vector512.Store(Vector512.Load(from + 16), to + 16);
            }

            return;
        }

        for (int j = 0; j < width; j += 4)
        {
            Vector128.Store(Vector128.Load(from + j), to + j);
        }
    }
}
