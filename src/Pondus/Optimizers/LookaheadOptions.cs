namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Lookahead"/>.</summary>
/// <param name="Steps">k, steps of the inner optimizer between two steps of the slow weights, at least 1.</param>
/// <param name="Alpha">α in (0, 1], how far the slow weights go.</param>
public sealed record LookaheadOptions(int Steps = 5, float Alpha = 0.5f)
{
    internal LookaheadOptions Checked()
    {
        if (Steps < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(Steps), Steps, $"Lookahead: expected Steps of at least 1, got {Steps}.");
        }

        return Alpha is > 0f and <= 1f
            ? this
            : throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, $"Lookahead: expected Alpha in (0, 1], got {Alpha}.");
    }
}
