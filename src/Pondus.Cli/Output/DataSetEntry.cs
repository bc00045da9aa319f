using Pondus.Data;

namespace Pondus.Cli.Output;

/// <summary>One data set as <c>data</c> lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is, one line.</param>
/// <param name="Source">The kind of data source that reads it: <c>idx</c>, <c>letters</c> ...</param>
/// <param name="Folder">Where its files are, or null when they are not here or it has none.</param>
/// <param name="IsGenerated">Whether it needs no files.</param>
internal sealed record DataSetEntry(string Name, string Summary, string Source, string? Folder, bool IsGenerated)
{
    private static readonly DataSetEntry[] s_generated =
    [
        new("letters", "The letters A, B and C, drawn from strokes.", "letters", Folder: null, IsGenerated: true),
        new("line", "Noisy points near a straight line.", "line", Folder: null, IsGenerated: true),
    ];

    /// <summary>Lists all data sets, and where their files are.</summary>
    public static IReadOnlyList<DataSetEntry> All() => [.. KnownDatasets.All.Select(Of), .. s_generated];

    private static DataSetEntry Of(KnownDataset known) => new(known.Name, known.Description, "idx", KnownDatasets.Find(known.Name), IsGenerated: false);
}
