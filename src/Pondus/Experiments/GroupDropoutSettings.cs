using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Sets whole channels or whole samples to zero while training.</summary>
public sealed record GroupDropoutSettings : MadeLayerSettings
{
    /// <summary>Makes the settings of a layer.</summary>
    /// <param name="type">Dropout2d or StochasticDepth.</param>
    public GroupDropoutSettings(string type)
    {
        Type = type;
        Rate = type == "Dropout2d" ? 0.5 : 0.1;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    /// <summary>Gets the share set to zero, in [0, 1).</summary>
    public double Rate { get; init; }

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type == "Dropout2d" ? new Dropout2d((float)Rate, random) : new StochasticDepth((float)Rate, random);

    internal override LayerSettings Visit(Fields f) => this with { Rate = f.Get("rate", Rate, Kinds.Share, "Share set to zero.") };
}
