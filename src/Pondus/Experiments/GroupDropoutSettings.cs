using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Sets whole channels or whole samples to zero while training.</summary>
/// <param name="type">Dropout2d or StochasticDepth.</param>
public sealed record GroupDropoutSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the share set to zero, in [0, 1).</summary>
    public double Rate { get; init; } = type == "Dropout2d" ? 0.5 : 0.1;

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type == "Dropout2d" ? new Dropout2d((float)Rate, random) : new StochasticDepth((float)Rate, random);

    internal override LayerSettings Visit(Fields f) => this with { Rate = f.Get("rate", Rate, Kinds.Share, "Share set to zero.") };
}
