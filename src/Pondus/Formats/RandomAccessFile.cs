using Microsoft.Win32.SafeHandles;

namespace Pondus.Formats;

/// <summary>A file of weights, open for reading any part of it from any number of threads.</summary>
/// <remarks>The file may be replaced while open: the old content stays readable.</remarks>
internal sealed class RandomAccessFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private RandomAccessFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Opens a file; whatever prevents it is said in one line that names the kind of file expected.</summary>
    public static RandomAccessFile Open(string path, string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new RandomAccessFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string cause = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file.",
                UnauthorizedAccessException => Directory.Exists(path) ? "a folder." : "no permission to read it.",
                NotSupportedException => "something that cannot be read at any place, such as a pipe.",
                _ => error.Message,
            };
            throw new IOException($"{path}: expected {kind}, got {cause}", error);
        }
    }

    /// <summary>Fills the destination from the bytes at an offset.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, destination, offset);
            if (count == 0)
            {
                throw new WeightFormatException(Path, offset, $"expected {destination.Length} more bytes, got the end of the file. It is cut short.");
            }

            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>Reads a part whose size was read from the file: it is checked against the file's size before memory is taken.</summary>
    public byte[] ReadBytes(long offset, long count, string what)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
        {
            throw new WeightFormatException(Path, Math.Clamp(offset, 0, Length), $"expected {count} bytes of {what}, got a file of {Length} bytes. It is cut short.");
        }

        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();
}
