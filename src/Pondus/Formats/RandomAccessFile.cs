using Microsoft.Win32.SafeHandles;

namespace Pondus.Formats;

/// <summary>A file of weights, open for reading any part of it from any number of threads.</summary>
/// <remarks>The file may be replaced while open: the old content stays readable. Offsets count from <see cref="Start"/>.</remarks>
internal sealed class RandomAccessFile : IDisposable
{
    private readonly SafeFileHandle? _handle;

    private RandomAccessFile(string path, SafeFileHandle? handle, long start, long length)
    {
        Path = path;
        _handle = handle;
        Start = start;
        Length = length;
    }

    public string Path { get; }

    /// <summary>Where this part begins in the file; 0 for a whole file.</summary>
    public long Start { get; }

    public long Length { get; }

    /// <summary>Opens a file; whatever prevents it is said in one line that names the kind of file expected.</summary>
    public static RandomAccessFile Open(string path, string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (HasNoBytes(path))
        {
            return new RandomAccessFile(path, null, 0, 0);
        }

        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new RandomAccessFile(path, handle, 0, RandomAccess.GetLength(handle));
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

    /// <summary>Gives a part as a file of its own, such as an archive within a file. It ends with the whole: do not dispose of it.</summary>
    public RandomAccessFile Slice(long offset, long length, string what) => offset >= 0 && length >= 0 && offset <= Length - length
        ? new RandomAccessFile(Path, _handle, Start + offset, length)
        : throw new WeightFormatException(Path, Start + Math.Clamp(offset, 0, Length), $"expected {length} bytes of {what}, got a file of {Length} bytes. It is cut short.");

    /// <summary>Fills the destination from the bytes at an offset.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> part = destination[..(int)Math.Clamp(Length - offset, 0, destination.Length)];
            int count = _handle is null || part.IsEmpty ? 0 : RandomAccess.Read(_handle, part, Start + offset);
            if (count == 0)
            {
                throw new WeightFormatException(Path, Start + offset, $"expected {destination.Length} more bytes, got the end of the file. It is cut short.");
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
            throw new WeightFormatException(Path, Start + Math.Clamp(offset, 0, Length), $"expected {count} bytes of {what}, got a file of {Length} bytes. It is cut short.");
        }

        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _handle?.Dispose();

    // Opening a pipe would wait for its writer. Pipes and devices have a length of 0, so that nothing of that length is opened.
    private static bool HasNoBytes(string path)
    {
        FileInfo info = new(path);
        FileSystemInfo target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
        return target is FileInfo { Exists: true, Length: 0 };
    }
}
