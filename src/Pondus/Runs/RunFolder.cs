using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>The files of a run.</summary>
/// <param name="path">The folder.</param>
public sealed class RunFolder(string path)
{
    /// <summary>Gets the folder.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the experiment with all defaults filled in.</summary>
    public string Experiment => System.IO.Path.Combine(Path, "experiment.json");

    /// <summary>Gets state, origin and results.</summary>
    public string Record => System.IO.Path.Combine(Path, "run.json");

    /// <summary>Gets the best weights.</summary>
    public string Weights => System.IO.Path.Combine(Path, "weights.safetensors");

    /// <summary>Gets the maps of low rank that were trained, which are merged into <see cref="Weights"/>; only with <c>start.lora</c>.</summary>
    public string Adapter => System.IO.Path.Combine(Path, "adapter.safetensors");

    /// <summary>Gets what resuming needs.</summary>
    public string Checkpoint => System.IO.Path.Combine(Path, "checkpoints", "latest.safetensors");

    /// <summary>Gets a value indicating whether a process is training in the folder; a run whose state is running and that nobody writes was killed.</summary>
    public bool IsInUse => RunLock.IsHeld(Path);

    /// <summary>Chooses a folder that does not exist yet.</summary>
    /// <param name="root">Where runs are kept.</param>
    /// <param name="name">Name of the experiment.</param>
    /// <param name="time">Clock of the folder's name.</param>
    /// <returns>The folder, not created yet.</returns>
    public static RunFolder New(string root, string name, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        string stem = System.IO.Path.Combine(root, $"{name}-{time.GetLocalNow():yyyyMMdd-HHmmss}"), path = stem;
        for (int i = 2; Directory.Exists(path); i++)
        {
            path = $"{stem}-{i}";
        }

        return new RunFolder(path);
    }

    /// <summary>Replaces the record.</summary>
    /// <param name="record">What to write.</param>
    public void Write(RunRecord record) => AtomicFile.WriteText(Record, record.ToJson());

    /// <summary>Removes the parts of files that a killed process was writing; the caller holds the folder's lock.</summary>
    internal void DeleteLeftovers()
    {
        foreach (string folder in new[] { Path, System.IO.Path.GetDirectoryName(Checkpoint)! }.Where(Directory.Exists))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.tmp"))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Removes what a run that never reached its first checkpoint left behind.</summary>
    internal void DeleteLogs()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "events.out.tfevents.*"))
        {
            File.Delete(file);
        }
    }
}
