using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Adamax; its weight decay is added to the gradient.</summary>
public sealed record AdamaxSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.002.</summary>
    public AdamaxSettings()
    {
        LearningRate = 0.002;
    }

    /// <inheritdoc/>
    public override string Type => "Adamax";

    /// <summary>Gets decay of the gradient's running mean.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets decay of the squared gradient's running mean.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Beta1 = f.Get("beta1", Beta1, Kinds.Share, "Decay of the gradient's running mean."),
        Beta2 = f.Get("beta2", Beta2, Kinds.Share, "Decay of the squared gradient's running mean."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
    };
}
