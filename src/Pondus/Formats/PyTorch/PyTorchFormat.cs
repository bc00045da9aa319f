namespace Pondus.Formats.PyTorch;

/// <summary>PyTorch's formats, see FORMAT.md beside this file.</summary>
public sealed class PyTorchFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "pytorch";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".pt", ".pth", ".bin", ".ckpt", ".th"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (probe.IsFolder)
        {
            return File.Exists(Path.Combine(probe.Path, DistributedCheckpoint.MetadataFile));
        }

        if (probe.Members.Count > 0)
        {
            return TorchArchive.Folder(probe.Members) is not null || ExportedProgram.IsOne(probe.Members);
        }

        // A bare pickle of protocol 2 to 5 is refused by name.
        ReadOnlySpan<byte> head = probe.Head.Span;
        return LegacyTorch.Matches(head) || (head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5);
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => PyTorchFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => TorchTypes.Writing(dataType) is not null;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) => PyTorchWriter.Save(path, entries, metadata);
}
