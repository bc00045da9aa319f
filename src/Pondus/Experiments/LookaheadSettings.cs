using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Slow weights that go part of the way after the optimizer.</summary>
public sealed record LookaheadSettings
{
    /// <summary>Gets the number of steps of the optimizer for one of the slow weights.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Gets how far the slow weights go, in (0, 1].</summary>
    public double Alpha { get; init; } = 0.5;

    internal static Kind<LookaheadSettings> Kind { get; } = new SectionKind<LookaheadSettings>(
        new(),
        static (s, f) => s with
        {
            Steps = f.Get("steps", s.Steps, Kinds.Integer(1), "Steps of the optimizer for one of the slow weights."),
            Alpha = f.Get("alpha", s.Alpha, Kinds.Factor, "How far the slow weights go."),
        });
}
