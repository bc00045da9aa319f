using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A pooling over windows of a given size.</summary>
/// <param name="type">MaxPool1d, MaxPool2d, AvgPool1d or AvgPool2d.</param>
public sealed record PoolSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the size of the window; signals have the width alone.</summary>
    public Size2d Kernel { get; init; } = 2;

    /// <summary>Gets the distance of windows; null takes the size of the window.</summary>
    public Size2d? Stride { get; init; }

    /// <summary>Gets the places around the input that windows may reach into.</summary>
    public Size2d Padding { get; init; }

    /// <summary>Gets the distance of the values that a window of a max pooling takes.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Gets whether a last window that reaches beyond the input counts.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Gets whether the padding counts as zeros in a mean.</summary>
    public bool CountPadding { get; init; } = true;

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type switch
    {
        "MaxPool1d" => new MaxPool1d(Kernel.Width, Stride?.Width, Padding.Width, Dilation.Width, CeilMode),
        "MaxPool2d" => new MaxPool2d(Kernel, Stride, Padding, Dilation, CeilMode),
        "AvgPool1d" => new AvgPool1d(Kernel.Width, Stride?.Width, Padding.Width, CeilMode, CountPadding),
        _ => new AvgPool2d(Kernel, Stride, Padding, CeilMode, CountPadding),
    };

    internal override LayerSettings Visit(Fields f)
    {
        bool max = Type.StartsWith("Max", StringComparison.Ordinal), image = Type.EndsWith("2d", StringComparison.Ordinal);
        Kind<Size2d> positive = new SizeKind(1, image), any = new SizeKind(0, image);
        return this with
        {
            Kernel = f.Get("kernel", Kernel, positive, "Size of the window."),
            Stride = f.Get("stride", Stride, Kinds.OptionalValue(positive), "Distance of windows; null takes the size of the window."),
            Padding = f.Get("padding", Padding, any, "Places around the input that windows may reach into."),
            Dilation = max ? f.Get("dilation", Dilation, positive, "Distance of the values that a window takes.") : Dilation,
            CeilMode = f.Get("ceilMode", CeilMode, Kinds.Flag, "Whether a last window that reaches beyond the input counts."),
            CountPadding = max ? CountPadding : f.Get("countPadding", CountPadding, Kinds.Flag, "Whether the padding counts as zeros."),
        };
    }
}
