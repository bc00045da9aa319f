namespace Pondus.Data;

/// <summary>How pictures and labels in IDX files become a data set.</summary>
public sealed record ImageOptions
{
    /// <summary>Gets the name of each label in the file; empty to name them by their numbers.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Gets the labels to keep; the first becomes class 0 and so on. Empty to keep all.</summary>
    public IReadOnlyList<int> KeptLabels { get; init; } = [];
}
