using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>How weights are updated.</summary>
public abstract record OptimizerSettings
{
    private protected OptimizerSettings()
    {
    }

    /// <summary>Gets the name of the optimizer.</summary>
    public abstract string Type { get; }

    /// <summary>Gets the learning rate, before any schedule.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Gets the weight decay, per unit of learning rate.</summary>
    public double WeightDecay { get; init; }

    internal static Kind<OptimizerSettings> Kind { get; } = new VariantKind<OptimizerSettings>(
        "optimizer",
        "type",
        static o => o.Type,
        static (o, f) => o.VisitCommon(f).Visit(f),
        new SgdSettings(),
        new AdamSettings(),
        new AdamWSettings());

    internal abstract OptimizerSettings Visit(Fields f);

    private OptimizerSettings VisitCommon(Fields f) => this with
    {
        LearningRate = f.Get("learningRate", LearningRate, Kinds.Positive, "Learning rate, before any schedule."),
        WeightDecay = f.Get("weightDecay", WeightDecay, Kinds.NotNegative, "Weight decay."),
    };
}
