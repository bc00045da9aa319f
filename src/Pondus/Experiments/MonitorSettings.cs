using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What is written down while training.</summary>
public sealed record MonitorSettings
{
    /// <summary>Gets how much goes into the event files.</summary>
    public MonitorLevel Level { get; init; } = MonitorLevel.Light;

    internal static Kind<MonitorSettings> Kind { get; } = new SectionKind<MonitorSettings>(
        new(),
        static (s, f) => s with { Level = f.Get("level", s.Level, Kinds.Choice<MonitorLevel>(), "How much goes into the event files: off writes none; light writes losses, metrics, learning rate and clipped norms.") },
        "level");
}
