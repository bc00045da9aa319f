using System.IO.Compression;

namespace Pondus.Formats.Archives;

/// <summary>The content of a deflated member. Going forward is cheap; going back begins again at the front.</summary>
#pragma warning disable CA1001 // Belongs to entries, which nobody disposes of one by one; the decompressor frees itself with them.
internal sealed class InflatedMember(RandomAccessFile file, ZipMember member)
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private DeflateStream? _stream;
    private long _position;

    public void Read(long offset, Span<byte> destination)
    {
        lock (_lock)
        {
            if (_stream is null || offset < _position)
            {
                _stream?.Dispose();
                _stream = new DeflateStream(new FilePartStream(file, member.DataOffset, member.StoredBytes), CompressionMode.Decompress);
                _position = 0;
            }

            try
            {
                Skip(offset - _position);
                _stream.ReadExactly(destination);
                _position += destination.Length;
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                _stream.Dispose();
                _stream = null;
                throw new WeightFormatException(file.Path, file.Start + member.DataOffset, $"member '{member.Name}': expected {member.ByteCount} deflated bytes, got damaged ones.");
            }
        }
    }

    private void Skip(long count)
    {
        const int partBytes = 1 << 16;
        byte[] part = count > 0 ? new byte[Math.Min(count, partBytes)] : [];
        while (count > 0)
        {
            int length = (int)Math.Min(count, part.Length);
            _stream!.ReadExactly(part.AsSpan(0, length));
            _position += length;
            count -= length;
        }
    }
}
