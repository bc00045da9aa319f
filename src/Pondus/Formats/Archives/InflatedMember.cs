using System.IO.Compression;

namespace Pondus.Formats.Archives;

/// <summary>The content of a deflated member. Going forward is cheap; going back, or coming back after many others, begins again at the front.</summary>
#pragma warning disable CA1001 // Belongs to entries, which nobody disposes of one by one; the decompressor frees itself with them.
internal sealed class InflatedMember(RandomAccessFile file, ZipMember member, InflatedMembers others)
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
                Close();
                _stream = new DeflateStream(new FilePartStream(file, member.DataOffset, member.StoredBytes), CompressionMode.Decompress);
                _position = 0;
            }

            try
            {
                Skip(offset - _position);
                _stream.ReadExactly(destination);
                _position += destination.Length;
            }
            catch (Exception error)
            {
                // Wherever it stands now, the next reader begins at the front.
                Close();
                if (error is InvalidDataException or EndOfStreamException)
                {
                    throw new WeightFormatException(file.Path, file.Start + member.DataOffset, $"member '{member.Name}': expected {member.ByteCount} deflated bytes, got damaged ones.");
                }

                throw;
            }
        }

        others.Used(this);
    }

    /// <summary>Frees the decompressor, unless it is being used.</summary>
    public void TryClose()
    {
        if (_lock.TryEnter())
        {
            try
            {
                Close();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
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
