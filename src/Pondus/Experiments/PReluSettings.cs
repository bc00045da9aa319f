using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A rectified linear unit whose slope below 0 is learned.</summary>
public sealed record PReluSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "PRelu";

    /// <summary>Gets whether each channel has a slope of its own.</summary>
    public bool PerChannel { get; init; }

    /// <summary>Gets what the slopes start from.</summary>
    public double Start { get; init; } = 0.25;

    internal override Layer Make(in Shape input, RandomSource random, string path) => new PRelu(PerChannel ? Channels(input, path) : 1, (float)Start);

    internal override LayerSettings Visit(Fields f) => this with
    {
        PerChannel = f.Get("perChannel", PerChannel, Kinds.Flag, "Whether each channel has a slope of its own."),
        Start = f.Get("start", Start, Kinds.AnyNumber, "What the slopes start from."),
    };
}
