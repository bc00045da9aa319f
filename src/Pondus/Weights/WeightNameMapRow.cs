namespace Pondus.Weights;

/// <summary>One row of a file of names: a tensor's name here and its name there.</summary>
/// <param name="From">The name in the file that is converted, or in the first of two.</param>
/// <param name="To">The new name, or the one in the second file.</param>
public sealed record WeightNameMapRow(string From, string To)
{
    /// <summary>Gets why the row was proposed, or null when people wrote it.</summary>
    public MatchKind? Kind { get; init; }

    /// <summary>Gets the order of the axes in the new layout, or null to leave them.</summary>
    public IReadOnlyList<int>? Axes { get; init; }
}
