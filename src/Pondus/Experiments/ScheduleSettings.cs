using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>How the learning rate changes while training.</summary>
public abstract record ScheduleSettings
{
    private protected ScheduleSettings()
    {
    }

    /// <summary>Gets the name of the schedule.</summary>
    public abstract string Type { get; }

    internal static Kind<ScheduleSettings> Kind { get; } = new VariantKind<ScheduleSettings>(
        "schedule",
        "type",
        static s => s.Type,
        static (s, f) => s.Visit(f),
        new ConstantSettings(),
        new StepDecaySettings(),
        new ExponentialDecaySettings(),
        new CosineDecaySettings(),
        new WarmUpSettings(),
        new PolynomialDecaySettings(),
        new LinearRampSettings(),
        new CosineRestartsSettings(),
        new OneCycleSettings(),
        new InverseSquareRootSettings(),
        new MultiStepDecaySettings(),
        new ReduceOnPlateauSettings());

    internal abstract ScheduleSettings Visit(Fields f);
}
