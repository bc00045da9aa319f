using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Rprop, for whole batches; it has no weight decay.</summary>
public sealed record RpropSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.01.</summary>
    public RpropSettings()
    {
        LearningRate = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "Rprop";

    /// <summary>Gets what a step size is multiplied by when the sign changed.</summary>
    public double EtaMinus { get; init; } = 0.5;

    /// <summary>Gets what it is multiplied by when the sign stayed; above 1.</summary>
    public double EtaPlus { get; init; } = 1.2;

    internal override OptimizerSettings Visit(Fields f)
    {
        f.Check(WeightDecay == 0, "weightDecay", "0 with Rprop, which has none", $"{WeightDecay}");
        return this with
        {
            EtaMinus = f.Get("etaMinus", EtaMinus, Kinds.Share, "What a step size is multiplied by when the sign changed."),
            EtaPlus = f.Get("etaPlus", EtaPlus, Kinds.Positive, "What it is multiplied by when the sign stayed; above 1."),
        };
    }
}
