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
        new MlpSettings(),
        new RecurrentNetworkSettings("lstm"),
        new RecurrentNetworkSettings("gru"),
        new LeNetSettings(),
        new ResNetSettings(),
        new MobileNetSettings(),
        new UNetSettings(),
        new AutoencoderSettings());

    /// <summary>Gets a value indicating whether the targets are the inputs themselves.</summary>
    internal virtual bool ReconstructsInputs => false;

    internal abstract NetworkSettings Visit(Fields f);

    /// <summary>Makes the network.</summary>
    /// <param name="input">Sizes of one sample.</param>
    /// <param name="outputCount">Number of classes, or of target values.</param>
    /// <param name="random">Source of the starting values.</param>
    internal abstract Layer Build(Shape input, int outputCount, RandomSource random);

    /// <summary>Refuses samples that are no pictures, or not of fitting size.</summary>
    private protected Shape Pictures(Shape input, int minimum = 1, int unit = 1)
    {
        bool fits = input.Rank == 3 && input[1] >= minimum && input[2] >= minimum && input[1] % unit == 0 && input[2] % unit == 0;
        string sizes = unit > 1 ? $" with sizes divisible by {unit}" : minimum > 1 ? $" from {minimum} x {minimum} on" : string.Empty;
        return fits ? input : throw new ExperimentException("model", $"pictures of (channels, height, width){sizes} for {Network}", input.ToString());
    }
}
