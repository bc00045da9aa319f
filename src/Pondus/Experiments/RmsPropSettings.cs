using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>RMSProp; its weight decay is added to the gradient.</summary>
public sealed record RmsPropSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.01.</summary>
    public RmsPropSettings()
    {
        LearningRate = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "RmsProp";

    /// <summary>Gets decay of the running mean of squares.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Gets momentum.</summary>
    public double Momentum { get; init; }

    /// <summary>Gets whether the variance of the gradient divides.</summary>
    public bool Centered { get; init; }

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Alpha = f.Get("alpha", Alpha, Kinds.Share, "Decay of the running mean of squares."),
        Momentum = f.Get("momentum", Momentum, Kinds.Share, "Momentum."),
        Centered = f.Get("centered", Centered, Kinds.Flag, "Whether the variance of the gradient divides."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
    };
}
