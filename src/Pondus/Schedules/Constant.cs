namespace Pondus.Schedules;

/// <summary>The same learning rate throughout.</summary>
public sealed class Constant : Schedule
{
    /// <inheritdoc/>
    public override double Factor(long step) => 1;

    /// <inheritdoc/>
    public override string ToString() => "Constant";
}
