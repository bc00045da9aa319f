using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Rectified Adam.</summary>
public sealed record RAdamSettings : OptimizerSettings
{
    /// <inheritdoc/>
    public override string Type => "RAdam";

    /// <summary>Gets decay of the gradient's running mean.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets decay of the squared gradient's running mean.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets whether the weight decay acts on the weight, as in AdamW.</summary>
    public bool Decoupled { get; init; }

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Beta1 = f.Get("beta1", Beta1, Kinds.Share, "Decay of the gradient's running mean."),
        Beta2 = f.Get("beta2", Beta2, Kinds.Share, "Decay of the squared gradient's running mean."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
        Decoupled = f.Get("decoupled", Decoupled, Kinds.Flag, "Whether the weight decay acts on the weight, as in AdamW."),
    };
}
