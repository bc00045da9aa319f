using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Lion; its weight decay is apart from the gradient.</summary>
public sealed record LionSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.0001.</summary>
    public LionSettings()
    {
        LearningRate = 0.0001;
    }

    /// <inheritdoc/>
    public override string Type => "Lion";

    /// <summary>Gets decay of the gradient's running mean.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets decay of the momentum.</summary>
    public double Beta2 { get; init; } = 0.99;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Beta1 = f.Get("beta1", Beta1, Kinds.Share, "Decay of the gradient's running mean."),
        Beta2 = f.Get("beta2", Beta2, Kinds.Share, "Decay of the momentum."),
    };
}
