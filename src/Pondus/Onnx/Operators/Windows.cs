namespace Pondus.Onnx.Operators;

/// <summary>Where windows of a convolution or pooling lie, in any number of spatial axes.</summary>
internal sealed class Windows
{
    private readonly int[] _sizes;
    private readonly int[] _strides;
    private readonly int[] _dilations;
    private readonly int[] _starts;

    private Windows(int[] sizes, int[] kernel, int[] strides, int[] dilations, int[] starts, int[] outputs)
    {
        _sizes = sizes;
        Kernel = kernel;
        _strides = strides;
        _dilations = dilations;
        _starts = starts;
        Outputs = outputs;
    }

    /// <summary>Sizes of a window.</summary>
    public int[] Kernel { get; }

    /// <summary>Number of windows an axis.</summary>
    public int[] Outputs { get; }

    /// <summary>Reads kernel_shape, strides, dilations, pads and auto_pad for spatial sizes.</summary>
    public static Windows Of(OnnxCall call, int[] sizes, int[]? weightSizes = null)
    {
        int rank = sizes.Length;
        int[] kernel = Setting(call, "kernel_shape", rank, weightSizes), strides = Setting(call, "strides", rank, null), dilations = Setting(call, "dilations", rank, null);
        long[] pads = call.Ints("pads") is { Length: > 0 } given ? given : new long[2 * rank];
        string automatic = call.Text("auto_pad", "NOTSET");
        bool roundUp = call.Int("ceil_mode", 0) != 0;
        if (pads.Length != 2 * rank)
        {
            throw call.Error($"expected {2 * rank} pads, got {pads.Length}.");
        }

        int[] starts = new int[rank], outputs = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            long extent = ((kernel[i] - 1L) * dilations[i]) + 1, before = pads[i], after = pads[rank + i];
            if (automatic is "SAME_UPPER" or "SAME_LOWER")
            {
                long total = Math.Max(0, (((sizes[i] + strides[i] - 1L) / strides[i]) - 1) * strides[i]) + extent - sizes[i];
                total = Math.Max(0, total);
                before = automatic == "SAME_UPPER" ? total / 2 : (total + 1) / 2;
                after = total - before;
            }
            else if (automatic == "VALID")
            {
                (before, after) = (0, 0);
            }

            long free = sizes[i] + before + after - extent;
            if (free < 0 || Math.Abs(before) > int.MaxValue)
            {
                throw call.Error($"expected windows of {extent} within an axis of {sizes[i]} with pads {before} and {after}.");
            }

            outputs[i] = call.Size(((free + (roundUp ? strides[i] - 1 : 0)) / strides[i]) + 1);
            // A window that would start in the padding at the end does not count.
            outputs[i] -= roundUp && (outputs[i] - 1L) * strides[i] >= sizes[i] + before ? 1 : 0;
            starts[i] = (int)before;
        }

        call.Product([.. outputs, .. kernel]);
        return new Windows(sizes, kernel, strides, dilations, starts, outputs);
    }

    /// <summary>For each place in the window and each window, row-major, the place in the input, or -1 outside.</summary>
    public int[] Places()
    {
        int taps = Movement.Count(Kernel), windows = Movement.Count(Outputs);
        int[] places = new int[taps * windows];
        Walk tap = new(Kernel);
        for (int i = 0; i < taps; i++, tap.Next())
        {
            Walk window = new(Outputs);
            for (int j = 0; j < windows; j++, window.Next())
            {
                int place = 0;
                for (int axis = 0; axis < Kernel.Length && place >= 0; axis++)
                {
                    int at = (window.Place[axis] * _strides[axis]) - _starts[axis] + (tap.Place[axis] * _dilations[axis]);
                    place = at >= 0 && at < _sizes[axis] ? (place * _sizes[axis]) + at : -1;
                }

                places[(i * windows) + j] = place;
            }
        }

        return places;
    }

    /// <summary>Row and column at which a tap of a window of two axes lies, be it in the input or outside.</summary>
    public (int Row, int Column) Start(int tap, int window) => (
        (window / Outputs[1] * _strides[0]) - _starts[0] + (tap / Kernel[1] * _dilations[0]),
        (window % Outputs[1] * _strides[1]) - _starts[1] + (tap % Kernel[1] * _dilations[1]));

    private static int[] Setting(OnnxCall call, string name, int rank, int[]? missing)
    {
        long[] values = call.Ints(name) is { Length: > 0 } given ? given : missing is null ? [.. Enumerable.Repeat(1L, rank)] : [.. missing];
        return values.Length == rank && Array.TrueForAll(values, static value => value is >= 1 and <= int.MaxValue)
            ? Array.ConvertAll(values, static value => (int)value)
            : throw call.Error($"expected {name} of {rank} sizes from 1, got {string.Join(", ", values)}.");
    }
}
