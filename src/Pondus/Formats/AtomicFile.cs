using System.Text;

namespace Pondus.Formats;

/// <summary>Replaces a file in one step: whoever looks sees the old content or the new, never a part.</summary>
/// <remarks>Writes beside the target, flushes to the disk, renames. After a failure or a kill the old content is still there;
/// a failure also removes what was written beside it.</remarks>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        // A name of its own: two processes that write the same target must not share the part beside it.
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception error)
        {
            TryDelete(beside);
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"{path}: expected to write this file, got: {Cause(path, error)}", error);
            }

            throw;
        }
    }

    /// <summary>Writes a text file in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(path, stream => stream.Write(bytes));
    }

    private static string Cause(string path, Exception error)
    {
        const int noSpaceOnUnix = 28, diskFullOnWindows = unchecked((int)0x80070070), handleDiskFullOnWindows = unchecked((int)0x80070027);
        return error switch
        {
            DirectoryNotFoundException => $"no folder {Path.GetDirectoryName(Path.GetFullPath(path))}. Make it first.",
            UnauthorizedAccessException => Directory.Exists(path) ? "a folder has this name." : "no permission to write there.",
            _ when error.HResult is noSpaceOnUnix or diskFullOnWindows or handleDiskFullOnWindows => "the disk is full. The file was left as it was.",
            _ when Directory.Exists(path) => "a folder has this name.",
            _ => error.Message,
        };
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }
}
