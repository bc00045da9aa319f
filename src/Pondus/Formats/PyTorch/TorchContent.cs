namespace Pondus.Formats.PyTorch;

/// <summary>What reading a file collects.</summary>
internal sealed class TorchContent(PickleReport report)
{
    private TorchEntries? _entries;

    public PickleReport Report { get; } = report;

    /// <summary>Gets the files that must stay open.</summary>
    public List<RandomAccessFile> Files { get; } = [];

    public TorchEntries Entries => _entries ?? throw new InvalidOperationException("TorchContent: expected Begin first.");

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Begins a list of tensors of a file, or of files together.</summary>
    public TorchEntries Begin(string path, long bytes) => _entries = new TorchEntries(path, bytes);

    /// <summary>Adds what a pickle describes.</summary>
    public void Add(string name, object? value, long offset)
    {
        TorchTree tree = new(Entries);
        tree.Add(name, value, offset);
        foreach ((string key, string text) in tree.Metadata)
        {
            Metadata.TryAdd(key, text);
        }
    }
}
