namespace Pondus.Kernels;

/// <summary>One axis of a depthwise pass, which reads a source at taps for each place of a target.</summary>
/// <param name="Target">Places of the target.</param>
/// <param name="Source">Places of the source.</param>
/// <param name="Taps">Taps.</param>
/// <param name="Stride">Stride of the convolution.</param>
/// <param name="Pad">Padding before the first place of the convolution's input.</param>
/// <param name="Dilation">Distance of the taps.</param>
/// <param name="Backward">The target is the convolution's input, not its output.</param>
internal readonly record struct DepthwiseAxis(int Target, int Source, int Taps, int Stride, int Pad, int Dilation, bool Backward)
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

    /// <summary>How many places, from one on and a step apart, see the same taps.</summary>
    public int Alike(int target)
    {
        int count = 1;
        for (int next = target + TargetStep; next < Target; next += TargetStep, count++)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                if (Find(next, tap) < 0 != Find(target, tap) < 0)
                {
                    return count;
                }
            }
        }

        return count;
    }
}
