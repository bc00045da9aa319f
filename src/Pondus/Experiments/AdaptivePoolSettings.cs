using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A pooling to a given number of values, or to one a channel.</summary>
/// <param name="type">AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool2d, GlobalAvgPool2d or GlobalMaxPool2d.</param>
public sealed record AdaptivePoolSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the number of windows of an adaptive pooling.</summary>
    public Size2d Output { get; init; } = 1;

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type switch
    {
        "AdaptiveAvgPool1d" => new AdaptiveAvgPool1d(Output.Width),
        "AdaptiveAvgPool2d" => new AdaptiveAvgPool2d(Output),
        "AdaptiveMaxPool2d" => new AdaptiveMaxPool2d(Output),
        "GlobalAvgPool2d" => new GlobalAvgPool2d(),
        _ => new GlobalMaxPool2d(),
    };

    internal override LayerSettings Visit(Fields f) => Type.StartsWith("Global", StringComparison.Ordinal)
        ? this
        : this with { Output = f.Get("output", Output, new SizeKind(1, Type.EndsWith("2d", StringComparison.Ordinal)), "Number of windows.") };
}
