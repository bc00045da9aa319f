using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>LAMB; its weight decay is apart from the gradient.</summary>
public sealed record LambSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: weight decay 0.01.</summary>
    public LambSettings()
    {
        WeightDecay = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "Lamb";

    /// <summary>Gets decay of the gradient's running mean.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets decay of the squared gradient's running mean.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-6;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Beta1 = f.Get("beta1", Beta1, Kinds.Share, "Decay of the gradient's running mean."),
        Beta2 = f.Get("beta2", Beta2, Kinds.Share, "Decay of the squared gradient's running mean."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
    };
}
