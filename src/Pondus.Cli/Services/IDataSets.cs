namespace Pondus.Cli.Services;

/// <summary>The data sets that the command <c>data</c> knows.</summary>
internal interface IDataSets
{
    /// <summary>Lists them all, and where their files are.</summary>
    IReadOnlyList<DataSetEntry> List();

    /// <summary>Finds or fetches one.</summary>
    /// <param name="name">Its name, one of those listed.</param>
    /// <param name="progress">Told the share fetched, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the fetching; nothing is left behind.</param>
    Task<DataSetEntry> GetAsync(string name, IProgress<double> progress, CancellationToken cancellationToken);
}
