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
            .. ActivationSettings.Names.Select(static n => new ActivationSettings(n)),
        ]);

    internal abstract LayerSettings Visit(Fields f);
}
