namespace Pondus.Cli.Services;

/// <summary>The data sets that Pondus makes itself.</summary>
internal sealed class GeneratedDataSets : IDataSets
{
    private static readonly DataSetEntry[] s_entries =
    [
        new("letters", "The letters A, B and C, drawn from strokes.", "letters", Folder: null, IsGenerated: true),
        new("line", "Noisy points near a straight line.", "line", Folder: null, IsGenerated: true),
    ];

    public IReadOnlyList<DataSetEntry> List() => s_entries;

    public Task<DataSetEntry> GetAsync(string name, IProgress<double> progress, CancellationToken cancellationToken) =>
        Task.FromResult(s_entries.First(e => string.Equals(e.Name, name, StringComparison.Ordinal)));
}
