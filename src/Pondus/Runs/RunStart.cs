using Pondus.Experiments;
using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>Opens the folder of a run that begins or goes on.</summary>
internal static class RunStart
{
    // Settings that change how a run is carried out and not what it computes.
    private static readonly string[] s_free = ["training.threads", "training.checkpointEvery", "training.checkpointUnit"];

    /// <summary>Creates a new folder with the experiment, or checks that the one to continue holds the same experiment.</summary>
    public static RunFolder Open(Experiment experiment, TrainOptions options, TimeProvider time)
    {
        RunFolder folder = options.Folder is { } path ? new RunFolder(path) : RunFolder.New(options.Root, experiment.Name, time);
        if (options.Resume)
        {
            if (!File.Exists(folder.Experiment))
            {
                throw new FileNotFoundException($"--resume: expected a run in {folder.Path}, got no experiment.json there. Leave --resume out to begin one.");
            }

            List<ExperimentChange> changes = [.. ExperimentFile.Load(folder.Experiment).ChangesTo(experiment).Where(static c => !s_free.Contains(c.Path, StringComparer.Ordinal))];
            return changes.Count == 0
                ? folder
                : throw new ExperimentException("--resume", $"expected the experiment of {folder.Path} unchanged, got {string.Join("; ", changes)}. Begin a new run with another --out.");
        }

        if (Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Any())
        {
            throw new IOException($"--out: expected a new or empty folder, got {folder.Path} with files in it. Continue its run with --resume, or name another folder.");
        }

        Directory.CreateDirectory(folder.Path);
        AtomicFile.WriteText(folder.Experiment, experiment.ToJson());
        return folder;
    }
}
