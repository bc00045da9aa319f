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

    /// <summary>Gets settings for parameters whose names fit patterns.</summary>
    public IReadOnlyList<ParameterGroupSettings> Groups { get; init; } = [];

    /// <summary>Gets how slow weights follow the optimizer, or null for none.</summary>
    public LookaheadSettings? Lookahead { get; init; }

    internal static Kind<OptimizerSettings> Kind { get; } = new VariantKind<OptimizerSettings>(
        "optimizer",
        "type",
        static o => o.Type,
        static (o, f) => o.VisitCommon(f).Visit(f),
        new SgdSettings(),
        new AdamSettings(),
        new AdamWSettings(),
        new AdaGradSettings(),
        new AdaDeltaSettings(),
        new RmsPropSettings(),
        new AdamaxSettings(),
        new NAdamSettings(),
        new RAdamSettings(),
        new LionSettings(),
        new LambSettings(),
        new RpropSettings(),
        new AsgdSettings(),
        new LbfgsSettings());

    internal abstract OptimizerSettings Visit(Fields f);

    private OptimizerSettings VisitCommon(Fields f) => this with
    {
        LearningRate = f.Get("learningRate", LearningRate, Kinds.Positive, "Learning rate, before any schedule."),
        WeightDecay = f.Get("weightDecay", WeightDecay, Kinds.NotNegative, "Weight decay."),
        Groups = f.Get("groups", Groups, Kinds.List(ParameterGroupSettings.Kind), "Settings for parameters whose names fit patterns; where two give the same setting, the later one holds."),
        Lookahead = f.Get("lookahead", Lookahead, Kinds.Optional(LookaheadSettings.Kind), "How slow weights follow the optimizer."),
    };
}
