namespace Pondus.Data;

/// <summary>Opens data files; what goes wrong is said in one line that begins with the path.</summary>
internal static class DataFile
{
    /// <summary>Opens a file for reading.</summary>
    internal static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string cause = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file.",
                UnauthorizedAccessException => Directory.Exists(path) ? "a folder." : "no permission to read it.",
                _ => error.Message,
            };
            throw new IOException($"{path}: expected a file, got {cause}", error);
        }
    }
}
