namespace Pondus.Kernels;

/// <summary>How many rows of few channels are taken as one wide row, so that vectors are full and four of them run side by side.</summary>
/// <remarks>Column j of a wide row is channel j mod C. The rows that do not fill a wide one are a last, shorter row.</remarks>
internal readonly unsafe struct ChannelFold
{
    private const nint Wide = 64;
    private const nint Vector = 16;
    private const nint Widest = 1024;

    /// <summary>Makes the fold of a matrix.</summary>
    public ChannelFold(nint rows, nint channels)
    {
        Channels = channels;
        nint fold = Wide / GreatestDivisor(channels, Wide);
        if (fold * channels > Widest)
        {
            fold = Vector / GreatestDivisor(channels, Vector);
        }

        Fold = fold * channels > Widest ? 1 : fold;
        Width = Fold * channels;
        Rows = rows / Fold;
        Rest = (rows - (Rows * Fold)) * channels;
    }

    /// <summary>Gets the number of channels.</summary>
    public nint Channels { get; }

    /// <summary>Gets the rows in a wide one.</summary>
    public nint Fold { get; }

    /// <summary>Gets the columns of a wide row.</summary>
    public nint Width { get; }

    /// <summary>Gets the number of wide rows.</summary>
    public nint Rows { get; }

    /// <summary>Gets the columns of the last, shorter row.</summary>
    public nint Rest { get; }

    /// <summary>Writes one number a channel into every column of that channel.</summary>
    public void Spread(float* from, float* to)
    {
        for (nint i = 0; i < Fold; i++)
        {
            Buffer.MemoryCopy(from, to + (i * Channels), Channels * sizeof(float), Channels * sizeof(float));
        }
    }

    private static nint GreatestDivisor(nint value, nint power)
    {
        while (value % power != 0)
        {
            power /= 2;
        }

        return power;
    }
}
