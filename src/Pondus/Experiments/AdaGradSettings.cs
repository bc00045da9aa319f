using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>AdaGrad; its weight decay is added to the gradient.</summary>
public sealed record AdaGradSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.01.</summary>
    public AdaGradSettings()
    {
        LearningRate = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "AdaGrad";

    /// <summary>Gets how the learning rate falls by itself.</summary>
    public double LearningRateDecay { get; init; }

    /// <summary>Gets where the sum of squares starts.</summary>
    public double InitialAccumulator { get; init; }

    /// <summary>Gets number that keeps the division finite.</summary>
    public double Epsilon { get; init; } = 1e-10;

    internal override OptimizerSettings Visit(Fields f) => this with
    {
        LearningRateDecay = f.Get("learningRateDecay", LearningRateDecay, Kinds.NotNegative, "How the learning rate falls by itself."),
        InitialAccumulator = f.Get("initialAccumulator", InitialAccumulator, Kinds.NotNegative, "Where the sum of squares starts."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Number that keeps the division finite."),
    };
}
