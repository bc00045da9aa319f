using Pondus.Experiments;
using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>The folder of a run that begins or goes on, kept for this process until it is disposed of.</summary>
internal sealed class RunStart : IDisposable
{
    // Settings that change how a run is carried out and not what it computes.
    private static readonly string[] s_free = ["training.threads", "training.checkpointEvery", "training.checkpointUnit"];
    private readonly RunLock _lock;

    private RunStart(RunFolder folder, RunLock held, RunRecord? previous)
    {
        Folder = folder;
        _lock = held;
        Previous = previous;
    }

    public RunFolder Folder { get; }

    /// <summary>Gets the record of the run that goes on; null when a run begins, or had come to nothing yet.</summary>
    public RunRecord? Previous { get; }

    /// <summary>Creates a new folder with the experiment, or checks that the one to continue holds the same experiment.</summary>
    public static RunStart Open(Experiment experiment, TrainOptions options, TimeProvider time)
    {
        RunFolder folder = options.Folder is { } path ? new RunFolder(path) : RunFolder.New(options.Root, experiment.Name, time);
        if (options.Resume)
        {
            return Continue(folder, experiment);
        }

        if (File.Exists(folder.Path) || (Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Any()))
        {
            throw new IOException($"--out: expected a new or empty folder, got {folder.Path} {(File.Exists(folder.Path) ? "which is a file" : "with files in it. Continue its run with --resume")}, or name another folder.");
        }

        return Begin(folder, experiment);
    }

    public void Dispose() => _lock.Dispose();

    private static RunStart Begin(RunFolder folder, Experiment experiment)
    {
        bool isNew = !Directory.Exists(folder.Path);
        Directory.CreateDirectory(folder.Path);
        RunLock? held = null;
        try
        {
            held = RunLock.Take(folder.Path);
            AtomicFile.WriteText(folder.Experiment, experiment.ToJson());
            return new RunStart(folder, held, previous: null);
        }
        catch
        {
            held?.Dispose();
            if (isNew)
            {
                Directory.Delete(folder.Path, recursive: true);
            }

            throw;
        }
    }

    private static RunStart Continue(RunFolder folder, Experiment experiment)
    {
        if (!Directory.Exists(folder.Path))
        {
            throw new DirectoryNotFoundException($"--resume: expected a run in {folder.Path}, got no such folder. Leave --resume out to begin one.");
        }

        RunLock held = RunLock.Take(folder.Path);
        try
        {
            folder.DeleteLeftovers();
            if (!File.Exists(folder.Experiment))
            {
                // A process that was killed in its first moments leaves an empty folder: its run begins here.
                return Directory.EnumerateFileSystemEntries(folder.Path).Any(static file => Path.GetFileName(file) != RunLock.FileName)
                    ? throw new FileNotFoundException($"--resume: expected a run in {folder.Path}, got files but no experiment.json. Name the folder of a run.")
                    : Restart(folder, experiment, held);
            }

            List<ExperimentChange> changes = [.. ExperimentFile.Load(folder.Experiment).ChangesTo(experiment).Where(static c => !s_free.Contains(c.Path, StringComparer.Ordinal))];
            return changes.Count == 0
                ? new RunStart(folder, held, File.Exists(folder.Record) ? RunRecord.Read(folder.Record) : null)
                : throw new ExperimentException("--resume", $"expected the experiment of {folder.Path} unchanged, got {string.Join("; ", changes)}. Begin a new run with another --out.");
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static RunStart Restart(RunFolder folder, Experiment experiment, RunLock held)
    {
        AtomicFile.WriteText(folder.Experiment, experiment.ToJson());
        return new RunStart(folder, held, previous: null);
    }
}
