using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What is done about findings while training.</summary>
public sealed record DoctorSettings
{
    /// <summary>Gets what is done.</summary>
    public DoctorLevel Level { get; init; }

    internal static Kind<DoctorSettings> Kind { get; } = new SectionKind<DoctorSettings>(
        new(),
        static (s, f) => s with { Level = f.Get("level", s.Level, Kinds.Choice<DoctorLevel>(), "What is done about findings.") },
        "level");
}
