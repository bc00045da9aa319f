using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>L-BFGS, for whole batches; it has no weight decay and no groups.</summary>
public sealed record LbfgsSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 1.</summary>
    public LbfgsSettings()
    {
        LearningRate = 1;
    }

    /// <inheritdoc/>
    public override string Type => "Lbfgs";

    /// <summary>Gets directions of one step.</summary>
    public int MaximumIterations { get; init; } = 20;

    /// <summary>Gets pairs of steps and changes that are kept.</summary>
    public int HistorySize { get; init; } = 10;

    /// <summary>Gets whether a line search finds how far to go.</summary>
    public bool StrongWolfe { get; init; }

    internal override OptimizerSettings Visit(Fields f)
    {
        f.Check(WeightDecay == 0, "weightDecay", "0 with Lbfgs, which has none", $"{WeightDecay}");
        f.Check(Groups.Count == 0, "groups", "no groups with Lbfgs", "some");
        return this with
        {
            MaximumIterations = f.Get("maximumIterations", MaximumIterations, Kinds.Integer(1), "Directions of one step."),
            HistorySize = f.Get("historySize", HistorySize, Kinds.Integer(1, 1000), "Pairs of steps and changes that are kept."),
            StrongWolfe = f.Get("strongWolfe", StrongWolfe, Kinds.Flag, "Whether a line search finds how far to go."),
        };
    }
}
