using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What is measured while training.</summary>
public sealed record MonitorSettings
{
    /// <summary>Gets how much is measured.</summary>
    public MonitorLevel Level { get; init; } = MonitorLevel.Light;

    internal static Kind<MonitorSettings> Kind { get; } = new SectionKind<MonitorSettings>(
        new(),
        static (s, f) => s with { Level = f.Get("level", s.Level, Kinds.Choice<MonitorLevel>(), "How much is measured.") },
        "level");
}
