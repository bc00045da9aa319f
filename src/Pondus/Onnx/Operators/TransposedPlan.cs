namespace Pondus.Onnx.Operators;

/// <summary>Sizes of a transposed convolution: its input is spread over its output.</summary>
internal sealed class TransposedPlan
{
    public TransposedPlan(OnnxCall call, int[] input, int[] kernel)
    {
        int axes = kernel.Length;
        Input = input;
        Kernel = kernel;
        Strides = SpatialPlan.Setting(call, "strides", axes, 1);
        Dilations = SpatialPlan.Setting(call, "dilations", axes, 1);
        Extra = Array.ConvertAll(call.Ints("output_padding") ?? new long[axes], size => call.Size(size));
        Before = new int[axes];
        After = new int[axes];
        Output = new int[axes];
        long[] pads = call.Ints("pads") ?? new long[2 * axes];
        long[]? wanted = call.Ints("output_shape");
        string mode = call.Text("auto_pad", "NOTSET");
        if (Extra.Length != axes || pads.Length != 2 * axes || (wanted is not null && wanted.Length < axes))
        {
            throw call.Error($"expected settings for {axes} axes, got others.");
        }

        for (int i = 0; i < axes; i++)
        {
            int whole = call.Size(((long)Strides[i] * (input[i] - 1)) + Extra[i] + ((kernel[i] - 1L) * Dilations[i]) + 1);
            if (wanted is not null || mode is "SAME_UPPER" or "SAME_LOWER")
            {
                Output[i] = wanted is not null ? call.Size(wanted[^(axes - i)]) : input[i] * Strides[i];
                int total = whole - Output[i];
                // A larger output than what is spread has zeros at its end.
                int cut = Math.Max(0, total);
                Before[i] = mode == "SAME_UPPER" ? cut / 2 : cut - (cut / 2);
                After[i] = total - Before[i];
                continue;
            }

            Before[i] = mode == "VALID" ? 0 : call.Size(pads[i]);
            After[i] = mode == "VALID" ? 0 : call.Size(pads[i + axes]);
            Output[i] = call.Size((long)whole - Before[i] - After[i]);
        }
    }

    public int[] Input { get; }

    public int[] Kernel { get; }

    public int[] Output { get; }

    public int[] Strides { get; }

    public int[] Dilations { get; }

    public int[] Extra { get; }

    public int[] Before { get; }

    public int[] After { get; }

    public ConvolutionSettings Settings(int inputs, int outputs, int groups) => new()
    {
        Axes = Kernel.Length,
        InChannels = inputs,
        OutChannels = outputs,
        Kernel = ConvolutionOperators.Pair(Kernel, 1),
        Stride = ConvolutionOperators.Pair(Strides, 1),
        PadBefore = ConvolutionOperators.Pair(Before, 0),
        PadAfter = ConvolutionOperators.Pair(After, 0),
        Dilation = ConvolutionOperators.Pair(Dilations, 1),
        OutputPadding = ConvolutionOperators.Pair(Extra, 0),
        Transposed = true,
        Groups = groups,
    };

    /// <summary>Spreads each input over its window, for any number of axes and for weights that change.</summary>
    public OnnxValue Plain(OnnxValue x, OnnxValue w, OnnxValue? bias, int groups, int[] shape)
    {
        float[] input = x.Data<float>(), weight = w.Data<float>();
        double[] y = new double[OnnxStorage.Count(shape)];
        int channels = x.Shape[1], outputs = shape[1], each = channels / groups, outEach = outputs / groups;
        int inPlaces = Movement.Count(Input), outPlaces = Movement.Count(Output), taps = Movement.Count(Kernel);
        Walk at = new(Input);
        for (int from = 0; from < inPlaces; from++, at.Next())
        {
            Walk tap = new(Kernel);
            for (int k = 0; k < taps; k++, tap.Next())
            {
                int to = 0;
                for (int i = 0; i < Kernel.Length && to >= 0; i++)
                {
                    int place = (at.Place[i] * Strides[i]) + (tap.Place[i] * Dilations[i]) - Before[i];
                    to = place >= 0 && place < Output[i] ? (to * Output[i]) + place : -1;
                }

                for (int n = 0; to >= 0 && n < x.Shape[0]; n++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        double value = input[(((n * channels) + c) * inPlaces) + from];
                        for (int o = 0; o < outEach; o++)
                        {
                            y[(((n * outputs) + (c / each * outEach) + o) * outPlaces) + to] += value * weight[(((c * outEach) + o) * taps) + k];
                        }
                    }
                }
            }
        }

        float[]? addend = bias?.Data<float>();
        return OnnxValue.Of([.. y.Select((value, i) => (float)(value + (addend is null ? 0 : addend[i / Math.Max(1, outPlaces) % outputs])))], shape);
    }
}
