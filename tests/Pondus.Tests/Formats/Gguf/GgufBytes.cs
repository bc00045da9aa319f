using System.Text;

namespace Pondus.Tests.Formats.Gguf;

/// <summary>Writes the bytes of a GGUF file as a test wants them, right or wrong.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> _bytes = [];

    /// <summary>Begins a file with a version and counts.</summary>
    public static GgufBytes Start(uint version, long tensors, long keys) => new GgufBytes().Raw("GGUF"u8).UInt32(version).Int64(tensors).Int64(keys);

    public GgufBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public GgufBytes UInt32(uint value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes Int64(long value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes Text(string text) => Int64(Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>A row of the table: sizes innermost first, as the file has them.</summary>
    public GgufBytes Tensor(string name, uint type, long offset, params ReadOnlySpan<long> sizes)
    {
        Text(name).UInt32((uint)sizes.Length);
        foreach (long size in sizes)
        {
            Int64(size);
        }

        return UInt32(type).Int64(offset);
    }

    /// <summary>Fills up to a multiple of an alignment, then adds some bytes of data.</summary>
    public byte[] End(int alignment, int dataBytes)
    {
        _bytes.AddRange(new byte[((alignment - (_bytes.Count % alignment)) % alignment) + dataBytes]);
        return [.. _bytes];
    }

    public byte[] End() => [.. _bytes];
}
