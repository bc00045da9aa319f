using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate rises to its full value and falls to almost nothing over the whole training, while the momentum falls and rises.</summary>
public sealed record OneCycleSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "OneCycle";

    /// <summary>Gets the share of the training in which the rate rises, above 0.</summary>
    public double Rise { get; init; } = 0.3;

    /// <summary>Gets the peak divided by the first rate.</summary>
    public double StartDivisor { get; init; } = 25;

    /// <summary>Gets the first rate divided by the last.</summary>
    public double EndDivisor { get; init; } = 1e4;

    /// <summary>Gets whether rises and falls are straight lines.</summary>
    public bool Straight { get; init; }

    /// <summary>Gets whether the momentum (of Adam and its kin beta1) falls from upperMomentum to lowerMomentum and rises again.</summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>Gets the momentum at the peak.</summary>
    public double LowerMomentum { get; init; } = 0.85;

    /// <summary>Gets the momentum at start and end.</summary>
    public double UpperMomentum { get; init; } = 0.95;

    internal override ScheduleSettings Visit(Fields f)
    {
        OneCycleSettings visited = this with
        {
            Rise = f.Get("rise", Rise, Kinds.Share, "Share of the training in which the rate rises, above 0."),
            StartDivisor = f.Get("startDivisor", StartDivisor, Kinds.Positive, "Peak divided by the first rate."),
            EndDivisor = f.Get("endDivisor", EndDivisor, Kinds.Positive, "First rate divided by the last."),
            Straight = f.Get("straight", Straight, Kinds.Flag, "Whether rises and falls are straight lines."),
            CycleMomentum = f.Get("cycleMomentum", CycleMomentum, Kinds.Flag, "Whether the momentum (of Adam and its kin beta1) falls from upperMomentum to lowerMomentum and rises again."),
            LowerMomentum = f.Get("lowerMomentum", LowerMomentum, Kinds.Share, "Momentum at the peak."),
            UpperMomentum = f.Get("upperMomentum", UpperMomentum, Kinds.Share, "Momentum at start and end."),
        };
        f.Check(visited.Rise > 0, "rise", "a number above 0 and below 1", $"{visited.Rise}");
        f.Check(visited.LowerMomentum <= visited.UpperMomentum, "lowerMomentum", "at most upperMomentum", $"{visited.LowerMomentum}");
        return visited;
    }
}
