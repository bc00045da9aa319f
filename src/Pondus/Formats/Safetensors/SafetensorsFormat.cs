using System.Buffers.Binary;

namespace Pondus.Formats.Safetensors;

/// <summary>The format safetensors, see FORMAT.md beside this file.</summary>
public sealed class SafetensorsFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "safetensors";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".safetensors"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        const int prefixBytes = 8;
        ReadOnlySpan<byte> head = probe.Head.Span;
        return head.Length > prefixBytes && head[prefixBytes] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(head) < uint.MaxValue;
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => SafetensorsFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => SafetensorsTypes.Code(dataType) is not null;

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) => SafetensorsWriter.Save(path, entries, metadata);
}
