using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A network by its name, with its settings; inputs and outputs are those of the data.</summary>
public abstract record NetworkSettings : ModelSettings
{
    private protected NetworkSettings()
    {
    }

    /// <summary>Gets the name of the network.</summary>
    public abstract string Network { get; }

    internal static Kind<ModelSettings> NamedKind { get; } = new VariantKind<ModelSettings>(
        "network",
        "network",
        static m => ((NetworkSettings)m).Network,
        static (m, f) => ((NetworkSettings)m).Visit(f),
        new MlpSettings());

    internal abstract NetworkSettings Visit(Fields f);

    /// <summary>Makes the network.</summary>
    /// <param name="input">Sizes of one sample.</param>
    /// <param name="outputCount">Number of classes, or of target values.</param>
    /// <param name="random">Source of the starting values.</param>
    internal abstract Layer Build(Shape input, int outputCount, RandomSource random);
}
