using Pondus.Data;

namespace Pondus.Cli.Services;

/// <summary>The data sets that the library knows.</summary>
internal sealed class LibraryDataSets : IDataSets
{
    private static readonly DataSetEntry[] s_generated =
    [
        new("letters", "The letters A, B and C, drawn from strokes.", "letters", Folder: null, IsGenerated: true),
        new("line", "Noisy points near a straight line.", "line", Folder: null, IsGenerated: true),
    ];

    public IReadOnlyList<DataSetEntry> List() => [.. KnownDatasets.All.Select(Entry), .. s_generated];

    public async Task<DataSetEntry> GetAsync(string name, IProgress<double> progress, CancellationToken cancellationToken)
    {
        if (Array.Find(s_generated, e => e.Name == name) is { } generated)
        {
            return generated;
        }

        if (KnownDatasets.Find(name) is null)
        {
            await KnownDatasets.FetchAsync(name, new ShareProgress(progress), cancellationToken);
        }

        return Entry(KnownDatasets.Get(name));
    }

    private static DataSetEntry Entry(KnownDataset known) => new(known.Name, known.Description, "idx", KnownDatasets.Find(known.Name), IsGenerated: false);

    private sealed class ShareProgress(IProgress<double> progress) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            if (value.TotalBytes is > 0)
            {
                progress.Report((double)value.Bytes / value.TotalBytes.Value);
            }
        }
    }
}
