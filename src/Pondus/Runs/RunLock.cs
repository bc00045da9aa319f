namespace Pondus.Runs;

/// <summary>Keeps a run's folder for one writer: two processes that continue the same run would mix their logs.</summary>
/// <remarks>The system frees the lock when the process ends in any way; a file that stays behind locks nothing.</remarks>
internal sealed class RunLock : IDisposable
{
    public const string FileName = "run.lock";
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="IOException">Another process has it, or the folder is not writable.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{folder}: expected to write into this folder, got no permission.", error);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException($"{folder}: expected a run that nobody else writes, got one that is being trained. Wait for its end, or name another folder with --out.", error);
        }
    }

    /// <summary>Says whether some process has the lock.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            // A shared lock for a moment, which an exclusive one refuses.
            new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }

    public void Dispose() => _file.Dispose();
}
