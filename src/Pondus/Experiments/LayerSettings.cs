using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>One layer of a network.</summary>
public abstract record LayerSettings
{
    private protected LayerSettings()
    {
    }

    /// <summary>Gets the name of the layer's type.</summary>
    public abstract string Type { get; }

    internal static Kind<LayerSettings> Kind { get; } = new VariantKind<LayerSettings>(
        "layer",
        "type",
        static l => l.Type,
        static (l, f) => l.Visit(f),
        [
            new LinearSettings { Out = 0 },
            new SequentialSettings { Layers = [] },
            new FlattenSettings(),
            new DropoutSettings(),
            new EmbeddingSettings { Count = 0, Size = 0 },
            .. ConvSettings.Names.Select(static n => new ConvSettings(n)),
            new BatchNormSettings("BatchNorm1d"),
            new BatchNormSettings("BatchNorm2d"),
            new GroupNormSettings("GroupNorm"),
            new GroupNormSettings("InstanceNorm1d"),
            new GroupNormSettings("InstanceNorm2d"),
            new LayerNormSettings("LayerNorm"),
            new LayerNormSettings("RmsNorm"),
            new PoolSettings("MaxPool1d"),
            new PoolSettings("MaxPool2d"),
            new PoolSettings("AvgPool1d"),
            new PoolSettings("AvgPool2d"),
            new AdaptivePoolSettings("AdaptiveAvgPool1d"),
            new AdaptivePoolSettings("AdaptiveAvgPool2d"),
            new AdaptivePoolSettings("AdaptiveMaxPool2d"),
            new AdaptivePoolSettings("GlobalAvgPool2d"),
            new AdaptivePoolSettings("GlobalMaxPool2d"),
            new UpsampleSettings(),
            new PixelShuffleSettings("PixelShuffle"),
            new PixelShuffleSettings("PixelUnshuffle"),
            .. PadSettings.Names.Select(static n => new PadSettings(n)),
            new GroupDropoutSettings("Dropout2d"),
            new GroupDropoutSettings("StochasticDepth"),
            new GluSettings(),
            new PReluSettings(),
            new ResidualSettings { Body = [] },
            new ConcatSettings { Branches = [] },
            .. RecurrentLayerSettings.Names.Select(static n => new RecurrentLayerSettings(n)),
            .. ActivationSettings.Names.Select(static n => new ActivationSettings(n)),
        ]);

    internal abstract LayerSettings Visit(Fields f);
}
