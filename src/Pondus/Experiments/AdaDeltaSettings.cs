using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>AdaDelta; its weight decay is added to the gradient.</summary>
public sealed record AdaDeltaSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 1.</summary>
    public AdaDeltaSettings()
    {
        LearningRate = 1;
    }

    /// <inheritdoc/>
    public override string Type => "AdaDelta";

    /// <summary>Gets decay of the running means.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-6;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Rho = f.Get("rho", Rho, Kinds.Share, "Decay of the running means."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
    };
}
