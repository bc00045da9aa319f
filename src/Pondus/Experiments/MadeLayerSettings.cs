namespace Pondus.Experiments;

/// <summary>Settings that make their layer themselves.</summary>
public abstract record MadeLayerSettings : LayerSettings
{
    private protected MadeLayerSettings()
    {
    }

    /// <summary>Makes the layer.</summary>
    /// <param name="input">Sizes of one sample that comes in.</param>
    /// <param name="random">Source of starting values.</param>
    /// <param name="path">Path of these settings, for messages.</param>
    internal abstract Layer Make(in Shape input, RandomSource random, string path);

    /// <summary>Gets the channels of a sample, its first axis.</summary>
    private protected static int Channels(in Shape input, string path) => input.Rank > 0 ? input[0] : throw new ExperimentException(path, "samples with channels", "single numbers");
}
