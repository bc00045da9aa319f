using System.Text.Unicode;

namespace Pondus.Formats.Flax;

/// <summary>The format of Flax, MessagePack with arrays; see FORMAT.md beside this file.</summary>
public sealed class FlaxFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "msgpack";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".msgpack"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool HoldsMetadata => false;

    /// <summary>Says whether content begins as a map does whose first key is a text: the format has no mark of its own.</summary>
    /// <param name="probe">The beginning of the file.</param>
    /// <returns>True if so.</returns>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ReadOnlySpan<byte> head = probe.Head.Span;
        // A map without pairs is a whole file.
        if (head is [0x80])
        {
            return true;
        }

        ReadOnlySpan<byte> key = head switch
        {
            [> 0x80 and < 0x90, ..] => head[1..],
            [0xDE, _, _, ..] => head[3..],
            [0xDF, _, _, _, _, ..] => head[5..],
            _ => [],
        };
        ReadOnlySpan<byte> text = key switch
        {
            [>= 0xA0 and < 0xC0, ..] => Cut(key[1..], key[0] & 0x1F),
            [0xD9, byte length, ..] => Cut(key[2..], length),
            [0xDA, byte high, byte low, ..] => Cut(key[3..], (high << 8) | low),
            _ => [],
        };
        // No text of other formats that begin alike is free of these bytes.
        return !text.IsEmpty && Utf8.IsValid(text) && !text.ContainsAnyInRange((byte)0, (byte)8);
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => FlaxFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => FlaxWriter.Holds(dataType);

    /// <inheritdoc/>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) => FlaxWriter.Save(path, entries);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, int length) => length <= bytes.Length ? bytes[..length] : [];
}
