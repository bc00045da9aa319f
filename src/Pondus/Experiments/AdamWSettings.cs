using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>AdamW; its weight decay is apart from the gradient.</summary>
public sealed record AdamWSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: weight decay 0.01.</summary>
    public AdamWSettings()
    {
        WeightDecay = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "AdamW";

    /// <summary>Gets the decay of the gradient's running mean, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets the decay of the squared gradient's running mean, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets the number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets whether the largest mean square so far divides.</summary>
    public bool AmsGrad { get; init; }

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Beta1 = f.Get("beta1", Beta1, Kinds.Share, "Decay of the gradient's running mean."),
        Beta2 = f.Get("beta2", Beta2, Kinds.Share, "Decay of the squared gradient's running mean."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
        AmsGrad = f.Get("amsGrad", AmsGrad, Kinds.Flag, "Whether the largest mean square so far divides."),
    };
}
