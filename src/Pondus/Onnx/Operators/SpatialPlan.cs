namespace Pondus.Onnx.Operators;

/// <summary>Kernel, strides, dilations and padding of an operator that slides windows, for one input.</summary>
internal sealed class SpatialPlan
{
    /// <summary>Reads the settings; windows that reach beyond the input count with <paramref name="ceil"/>.</summary>
    public SpatialPlan(OnnxCall call, int[] input, int[] kernel, bool ceil = false)
    {
        Axes = kernel.Length;
        Kernel = kernel;
        Input = input[2..];
        if (input.Length != Axes + 2)
        {
            throw call.Error($"expected (batch, channels) and {Axes} axes, got ({string.Join(", ", input)}).");
        }

        Strides = Setting(call, "strides", Axes, 1);
        Dilations = Setting(call, "dilations", Axes, 1);
        Before = new int[Axes];
        After = new int[Axes];
        Output = new int[Axes];
        string mode = call.Text("auto_pad", "NOTSET");
        long[] pads = call.Ints("pads") ?? new long[2 * Axes];
        if (pads.Length != 2 * Axes)
        {
            throw call.Error($"expected {2 * Axes} pads, got {pads.Length}.");
        }

        for (int i = 0; i < Axes; i++)
        {
            int reach = checked(((Kernel[i] - 1) * Dilations[i]) + 1);
            if (mode is "SAME_UPPER" or "SAME_LOWER")
            {
                Output[i] = (Input[i] + Strides[i] - 1) / Strides[i];
                int total = Math.Max(0, ((Output[i] - 1) * Strides[i]) + reach - Input[i]);
                Before[i] = mode == "SAME_UPPER" ? total / 2 : total - (total / 2);
                After[i] = total - Before[i];
                continue;
            }

            Before[i] = mode == "VALID" ? 0 : Pad(pads[i]);
            After[i] = mode == "VALID" ? 0 : Pad(pads[i + Axes]);
            long room = (long)Input[i] + Before[i] + After[i] - reach;
            long count = room < 0 ? 0 : ((room + (ceil ? Strides[i] - 1 : 0)) / Strides[i]) + 1;
            // A window must begin in the input or in the padding before it.
            count -= ceil && (count - 1) * Strides[i] >= Input[i] + Before[i] ? 1 : 0;
            Output[i] = call.Size(count);
        }

        int Pad(long pad) => pad is >= 0 and <= int.MaxValue / 2 ? (int)pad : throw call.Error($"expected pads of at least 0, got {pad}.");
    }

    public int Axes { get; }

    public int[] Kernel { get; }

    public int[] Input { get; }

    public int[] Output { get; }

    public int[] Strides { get; }

    public int[] Dilations { get; }

    public int[] Before { get; }

    public int[] After { get; }

    /// <summary>A setting of one number an axis, each at least 1.</summary>
    public static int[] Setting(OnnxCall call, string name, int axes, int missing)
    {
        if (call.Ints(name) is not { } given)
        {
            int[] usual = new int[axes];
            Array.Fill(usual, missing);
            return usual;
        }

        return given.Length == axes && given.All(static value => value is >= 1 and <= int.MaxValue / 2)
            ? Array.ConvertAll(given, static value => (int)value)
            : throw call.Error($"expected {axes} {name} of at least 1, got ({string.Join(", ", given)}).");
    }

    /// <summary>Calls an action for each pair of an output's place and an input's place in its window; for each tap in the kernel's order.</summary>
    public void ForEachTap(Action<int, int, int> action)
    {
        int places = Movement.Count(Output), taps = Movement.Count(Kernel);
        int[] at = new int[Axes], tap = new int[Axes];
        for (int y = 0; y < places; y++)
        {
            Split(y, Output, at);
            for (int k = 0; k < taps; k++)
            {
                Split(k, Kernel, tap);
                int x = 0;
                for (int i = 0; i < Axes && x >= 0; i++)
                {
                    int place = (at[i] * Strides[i]) - Before[i] + (tap[i] * Dilations[i]);
                    x = place >= 0 && place < Input[i] ? (x * Input[i]) + place : -1;
                }

                action(y, k, x);
            }
        }
    }

    private static void Split(int index, int[] shape, int[] place)
    {
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            (index, place[i]) = Math.DivRem(index, shape[i]);
        }
    }
}
