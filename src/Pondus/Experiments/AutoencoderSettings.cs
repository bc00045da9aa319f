using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>An autoencoder: it learns to give back its input through a narrow middle, so its targets are the inputs.</summary>
public sealed record AutoencoderSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "autoencoder";

    /// <summary>Gets the sizes of the hidden layers between input and code.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128];

    /// <summary>Gets the size of the code.</summary>
    public int Code { get; init; } = 32;

    /// <summary>Gets the channels of each level of a convolutional one, the last those of the code; null makes a dense one.</summary>
    public IReadOnlyList<int>? Convolutions { get; init; }

    internal override bool ReconstructsInputs => true;

    internal override NetworkSettings Visit(Fields f) => this with
    {
        Hidden = f.Get("hidden", Hidden, Kinds.List(Kinds.Integer(1)), "Sizes of the hidden layers between input and code."),
        Code = f.Get("code", Code, Kinds.Integer(1), "Size of the code."),
        Convolutions = f.Get("convolutions", Convolutions, Kinds.Optional(Kinds.List(Kinds.Integer(1), minimumCount: 1)), "Channels of each level of a convolutional one; null makes a dense one."),
    };

    internal override Layer Build(Shape input, int outputCount, RandomSource random) => Convolutions is null
        ? Autoencoder.Dense(input, [.. Hidden], Code, random)
        : Autoencoder.Convolutional(Pictures(input, 1, 1 << Convolutions.Count), [.. Convolutions], random);
}
