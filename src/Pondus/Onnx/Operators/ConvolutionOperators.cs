using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Convolutions and their transposed form.</summary>
internal static class ConvolutionOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddSingle("Conv", static call => [Convolve(call)]);
        table.AddSingle("ConvTranspose", static call => [Transposed(call)]);
    }

    private static OnnxValue Convolve(OnnxCall call)
    {
        OnnxValue x = call.Input(0), w = call.Input(1);
        int groups = Groups(call, x, w, w.Rank > 1 ? w.Shape[1] : 0);
        int[] kernel = w.Shape[2..];
        SpatialPlan plan = new(call, x.Shape, kernel);
        int[] shape = [x.Shape[0], w.Shape[0], .. plan.Output];
        call.Product(shape);
        if (kernel.Length is 1 or 2 && EngineValues.Takes(x, w) && plan.Output.All(static size => size > 0) && StableParameters.Of(call, 1) is { } weight)
        {
            ConvolutionSettings settings = Settings(plan, x.Shape[1], w.Shape[0], groups);
            Parameter? bias = StableParameters.Of(call, 2);
            Tensor input = x.AsTensor();
            bool relu = (bias is not null || call.Optional(2) is null) && call.Relu is { } wish && wish.Take();
            Tensor y = ConvolutionOperation.Apply(input, weight, bias, settings, Packed(call, weight, settings, input.Shape), relu, pooled: false);
            return bias is null && call.Optional(2) is { } addend ? OnnxValue.Of(y + Channels(addend, kernel.Length)) : OnnxValue.Of(y);
        }

        return Plain(plan, x, w, call.Optional(2), groups, shape);
    }

    private static OnnxValue Transposed(OnnxCall call)
    {
        OnnxValue x = call.Input(0), w = call.Input(1);
        if (w.Rank < 3 || x.Rank != w.Rank || x.Shape[1] != w.Shape[0])
        {
            throw call.Error($"expected an input (batch, channels, ...) and a weight (channels, outputs / groups, ...), got {x} and {w}.");
        }

        int groups = Positive(call, call.Int("group", 1)), axes = w.Rank - 2, outputs = w.Shape[1] * groups;
        if (x.Shape[1] % groups != 0)
        {
            throw call.Error($"expected groups that divide {x.Shape[1]} channels, got {groups}.");
        }

        TransposedPlan plan = new(call, x.Shape[2..], w.Shape[2..]);
        int[] shape = [x.Shape[0], outputs, .. plan.Output];
        call.Product(shape);
        bool fits = axes is 1 or 2 && EngineValues.Takes(x, w) && plan.Output.All(static size => size > 0) && plan.Before.All(static pad => pad >= 0) && plan.After.All(static pad => pad >= 0);
        if (fits && StableParameters.Of(call, 1) is { } weight)
        {
            ConvolutionSettings settings = plan.Settings(x.Shape[1], outputs, groups);
            Parameter? bias = StableParameters.Of(call, 2);
            Tensor y = ConvolutionOperation.Apply(x.AsTensor(), weight, bias, settings, null, relu: false, pooled: false);
            return bias is null && call.Optional(2) is { } addend ? OnnxValue.Of(y + Channels(addend, axes)) : OnnxValue.Of(y);
        }

        return plan.Plain(x, w, call.Optional(2), groups, shape);
    }

    private static Tensor Channels(OnnxValue bias, int axes) => bias.Reshaped([bias.Count, .. Enumerable.Repeat(1, axes)]).AsTensor();

    private static int Positive(OnnxCall call, long value) => value is >= 1 and <= int.MaxValue ? (int)value : throw call.Error($"expected groups of at least 1, got {value}.");

    private static int Groups(OnnxCall call, OnnxValue x, OnnxValue w, int inputs)
    {
        int groups = Positive(call, call.Int("group", 1));
        return w.Rank >= 3 && x.Rank == w.Rank && (long)inputs * groups == x.Shape[1] && w.Shape[0] % groups == 0
            ? groups
            : throw call.Error($"expected an input (batch, channels, ...) and a weight (outputs, channels / {groups}, ...), got {x} and {w}.");
    }

    private static ConvolutionSettings Settings(SpatialPlan plan, int inputs, int outputs, int groups)
    {
        return new ConvolutionSettings
        {
            Axes = plan.Axes,
            InChannels = inputs,
            OutChannels = outputs,
            Kernel = Pair(plan.Kernel, 1),
            Stride = Pair(plan.Strides, 1),
            PadBefore = Pair(plan.Before, 0),
            PadAfter = Pair(plan.After, 0),
            Dilation = Pair(plan.Dilations, 1),
            Groups = groups,
        };
    }

    // A signal is an image of height 1.
    public static (int Y, int X) Pair(int[] sizes, int usual) => sizes.Length == 1 ? (usual, sizes[0]) : (sizes[0], sizes[1]);

    private static PackedConvolution? Packed(OnnxCall call, Parameter weight, ConvolutionSettings settings, in Shape input)
    {
        if (Tape.Current is not { Recording: false })
        {
            return null;
        }

        PackedSlot<PackedConvolution> slot = call.Cached("packed", static () => new PackedSlot<PackedConvolution>());
        return slot.Find(weight) ?? (settings.RunsInTiles(input) ? slot.Keep(weight, weight.Node.Version, new PackedConvolution(weight, settings, input)) : null);
    }

    /// <summary>The sum over each window, for any number of axes and for weights that change.</summary>
    private static OnnxValue Plain(SpatialPlan plan, OnnxValue x, OnnxValue w, OnnxValue? bias, int groups, int[] shape)
    {
        float[] input = x.Data<float>(), weight = w.Data<float>();
        double[] y = new double[OnnxStorage.Count(shape)];
        int channels = x.Shape[1], outputs = shape[1], each = channels / groups, outEach = outputs / groups;
        int inPlaces = Movement.Count(plan.Input), outPlaces = Movement.Count(plan.Output), taps = Movement.Count(plan.Kernel);
        plan.ForEachTap((to, tap, from) =>
        {
            if (from < 0)
            {
                return;
            }

            for (int n = 0; n < x.Shape[0]; n++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    double sum = 0;
                    int first = ((n * channels) + (o / outEach * each)) * inPlaces;
                    for (int c = 0; c < each; c++)
                    {
                        sum += (double)input[first + (c * inPlaces) + from] * weight[(((o * each) + c) * taps) + tap];
                    }

                    y[(((n * outputs) + o) * outPlaces) + to] += sum;
                }
            }
        });
        float[]? addend = bias?.Data<float>();
        return OnnxValue.Of([.. y.Select((value, i) => (float)(value + (addend is null ? 0 : addend[i / Math.Max(1, outPlaces) % outputs])))], shape);
    }
}
