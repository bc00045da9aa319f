namespace Pondus.Formats.Hdf5;

/// <summary>How many bytes the tensors of a file say they have: a small file may not stand for endless ones.</summary>
/// <remarks>gzip makes at most 1,032 bytes of one.</remarks>
internal sealed class Hdf5Claims(long fileBytes)
{
    private const long Least = 1 << 26;
    private const long MostPerByte = 1032;

    private long _left = fileBytes > (long.MaxValue - Least) / MostPerByte ? long.MaxValue : Least + (MostPerByte * fileBytes);

    /// <summary>Gets the chunks that the tensors share room for.</summary>
    public Hdf5ChunkCache Cache { get; } = new();

    /// <summary>Takes the bytes of a tensor, or refuses it.</summary>
    public void Add(long bytes)
    {
        if (bytes > _left)
        {
            throw new Hdf5UnsupportedException($"expected sizes that the file can fill, got {bytes} bytes in a file of {fileBytes}");
        }

        _left -= bytes;
    }
}
