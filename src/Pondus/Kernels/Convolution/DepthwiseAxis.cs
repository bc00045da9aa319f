namespace Pondus.Kernels;

/// <summary>One axis of a depthwise pass, which reads a source at taps for each place of a target.</summary>
/// <param name="Target">Places of the target.</param>
/// <param name="Source">Places of the source.</param>
/// <param name="Taps">Taps.</param>
/// <param name="Stride">Stride of the convolution.</param>
/// <param name="Pad">Padding before the first place of the convolution's input.</param>
/// <param name="Dilation">Distance of the taps.</param>
/// <param name="Backward">The target is the convolution's input, not its output.</param>
internal readonly unsafe record struct DepthwiseAxis(int Target, int Source, int Taps, int Stride, int Pad, int Dilation, bool Backward)
{
    /// <summary>Gets the distance of target places that see their taps at equal distances.</summary>
    public int TargetStep => Backward ? Stride : 1;

    /// <summary>Gets how far the source moves with one step of the target.</summary>
    public int SourceStep => Backward ? 1 : Stride;

    /// <summary>The source's place under a tap, or -1 when there is none.</summary>
    public int Find(int target, int tap)
    {
        int at = Backward ? target + Pad - (tap * Dilation) : (target * Stride) - Pad + (tap * Dilation);
        if (at < 0 || (Backward && at % Stride != 0))
        {
            return -1;
        }

        at = Backward ? at / Stride : at;
        return at < Source ? at : -1;
    }

    /// <summary>Gets the most runs that <see cref="FindRuns"/> writes.</summary>
    public int MostRuns => (int)Math.Min(Target, (long)TargetStep * ((2 * Taps) + 1));

    /// <summary>Cuts the target into runs of places, a target step apart, that see the same taps.</summary>
    /// <param name="runs">Receives the first place and the number of places of each run.</param>
    /// <param name="sources">Receives the source's place under each tap of each run's first place.</param>
    /// <returns>How many runs there are.</returns>
    public int FindRuns((int Begin, int Places)* runs, int* sources)
    {
        int count = 0;
        for (int phase = 0; phase < Math.Min(TargetStep, Target); phase++)
        {
            for (int place = phase; place < Target; place += TargetStep)
            {
                int* found = sources + (count * Taps);
                bool alike = place != phase;
                for (int tap = 0; tap < Taps; tap++)
                {
                    found[tap] = Find(place, tap);
                    alike = alike && found[tap] < 0 == found[tap - Taps] < 0;
                }

                if (alike)
                {
                    runs[count - 1].Places++;
                }
                else
                {
                    runs[count++] = (place, 1);
                }
            }
        }

        return count;
    }
}
