using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Averaged stochastic gradient descent.</summary>
public sealed record AsgdSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.01.</summary>
    public AsgdSettings()
    {
        LearningRate = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "Asgd";

    /// <summary>Gets decay of the weights and of the rate.</summary>
    public double Lambda { get; init; } = 0.0001;

    /// <summary>Gets power of the rate's fall.</summary>
    public double Alpha { get; init; } = 0.75;

    /// <summary>Gets step after which weights are averaged.</summary>
    public double AverageFrom { get; init; } = 1e6;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        Lambda = f.Get("lambda", Lambda, Kinds.NotNegative, "Decay of the weights and of the rate."),
        Alpha = f.Get("alpha", Alpha, Kinds.NotNegative, "Power of the rate's fall."),
        AverageFrom = f.Get("averageFrom", AverageFrom, Kinds.NotNegative, "Step after which weights are averaged."),
    };
}
