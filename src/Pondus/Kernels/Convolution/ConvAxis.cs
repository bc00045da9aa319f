namespace Pondus.Kernels;

/// <summary>How a convolution runs along one axis, forwards or backwards.</summary>
/// <remarks>
/// <para>Output positions fall into phases: position i of phase r is place r + i outStep of the output, and its tap t reads place
/// i inStep + offset[t] of the input. Forwards there is one phase; backwards there are as many as the stride, each with the taps
/// that meet it. A phase's taps are sorted by their offset, so that neighbors in the kernel are neighbors in the input.</para>
/// </remarks>
internal unsafe struct ConvAxis
{
    public int InSize;
    public int OutSize;
    public int InStep;
    public int OutStep;

    /// <summary>Offset of each tap in the order of the packed weights.</summary>
    public int* Offsets;

    /// <summary>Index in the kernel of each tap in the order of the packed weights.</summary>
    public int* Taps;

    /// <summary>First tap of each phase, and behind the last.</summary>
    public int* PhaseTaps;

    /// <summary>Phases: the output step, unless the output is smaller.</summary>
    public int Phases;

    /// <summary>Integers that an axis needs.</summary>
    public static int IntegerCount(int kernel, int size, int stride) => (2 * kernel) + Math.Min(size, stride) + 1;

    public static ConvAxis Forward(int inSize, int outSize, int kernel, int stride, int pad, int dilation, int* integers)
    {
        ConvAxis axis = Make(inSize, outSize, stride, 1, kernel, integers);
        for (int k = 0; k < kernel; k++)
        {
            axis.Taps[k] = k;
            axis.Offsets[k] = (k * dilation) - pad;
        }

        axis.PhaseTaps[0] = 0;
        axis.PhaseTaps[1] = kernel;
        return axis;
    }

    /// <summary>The axis backwards; sizes and other numbers are those of the convolution forwards.</summary>
    public static ConvAxis Backward(int inSize, int outSize, int kernel, int stride, int pad, int dilation, int* integers)
    {
        ConvAxis axis = Make(outSize, inSize, 1, stride, kernel, integers);
        int* phases = axis.Offsets;
        for (int k = kernel - 1; k >= 0; k--)
        {
            // The phase whose places this tap meets; sorted in, the last tap of the kernel first.
            int phase = ((k * dilation) - pad) % stride, at = kernel - 1 - k;
            phase += phase < 0 ? stride : 0;
            for (; at > 0 && phases[at - 1] > phase; at--)
            {
                phases[at] = phases[at - 1];
                axis.Taps[at] = axis.Taps[at - 1];
            }

            phases[at] = phase;
            axis.Taps[at] = k;
        }

        for (int phase = 0, count = 0; phase <= axis.Phases; phase++)
        {
            axis.PhaseTaps[phase] = count;
            for (; count < kernel && phases[count] == phase; count++)
            {
            }
        }

        for (int t = 0; t < kernel; t++)
        {
            axis.Offsets[t] = (phases[t] + pad - (axis.Taps[t] * dilation)) / stride;
        }

        return axis;
    }

    /// <summary>The positions of a phase whose places are from begin to before end.</summary>
    public readonly (int Begin, int End) Positions(int phase, int begin, int end) =>
        (Math.Max(0, (begin - phase + OutStep - 1) / OutStep), (Math.Min(end, OutSize) - phase + OutStep - 1) / OutStep);

    /// <summary>The taps of a position that lie inside the input, and the first position behind it with others.</summary>
    public readonly ConvInterval Interval(int phase, int position, int end)
    {
        int first = PhaseTaps[phase], last = PhaseTaps[phase + 1], at = position * InStep;
        while (first < last && Offsets[first] + at < 0)
        {
            first++;
        }

        while (last > first && Offsets[last - 1] + at >= InSize)
        {
            last--;
        }

        // The next change: a tap enters at the left, or the last one leaves at the right.
        if (first > PhaseTaps[phase])
        {
            end = Math.Min(end, Reach(-Offsets[first - 1]));
        }

        if (last > first)
        {
            end = Math.Min(end, Reach(InSize - Offsets[last - 1]));
        }

        return new ConvInterval { Begin = position, End = end, FirstTap = first, LastTap = last };
    }

    // The first position whose place is at or behind one of the input.
    private readonly int Reach(int place) => (place + InStep - 1) / InStep;

    private static ConvAxis Make(int inSize, int outSize, int inStep, int outStep, int kernel, int* integers) => new()
    {
        InSize = inSize,
        OutSize = outSize,
        InStep = inStep,
        OutStep = outStep,
        Phases = Math.Min(outStep, outSize),
        Offsets = integers,
        Taps = integers + kernel,
        PhaseTaps = integers + (2 * kernel),
    };
}
