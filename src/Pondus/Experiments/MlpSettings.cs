using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A multi-layer perceptron: flatten, then linear layers with an activation between them; inputs and outputs are those of the data.</summary>
public sealed record MlpSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "mlp";

    /// <summary>Gets the sizes of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>Gets the activation after each hidden layer.</summary>
    public LayerSettings Activation { get; init; } = new ActivationSettings("Relu");

    /// <summary>Gets the dropout after each hidden layer, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>Gets what the weights start from; null takes the layer's own choice.</summary>
    public InitializerSettings? Weight { get; init; }

    internal override NetworkSettings Visit(Fields f)
    {
        MlpSettings visited = this with
        {
            Hidden = f.Get("hidden", Hidden, Kinds.List(Kinds.Integer(1)), "Sizes of the hidden layers, first to last."),
            Activation = f.Get("activation", Activation, LayerSettings.Kind, "Activation after each hidden layer."),
            Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout after each hidden layer."),
            Weight = f.Get("weight", Weight, Kinds.Optional(InitializerSettings.Kind), "What the weights start from; null takes the layer's own choice."),
        };
        f.Check(visited.Activation is ActivationSettings, "activation", $"one of {string.Join(", ", ActivationSettings.Names)}", visited.Activation.Type);
        return visited;
    }

    internal override Layer Build(Shape input, int outputCount, RandomSource random) => new Mlp(
        input,
        [.. Hidden],
        outputCount,
        random,
        () => NetworkBuilder.MakeActivation((ActivationSettings)Activation),
        (float)Dropout,
        Weight is null ? null : NetworkBuilder.MakeInitializer(Weight));
}
