using Pondus.Experiments;
using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>Runs the experiment that a weights file says it came from again, and compares the bits.</summary>
/// <param name="Path">The weights file.</param>
/// <param name="Sha256">Digest of the file's tensors.</param>
/// <param name="RepeatedSha256">Digest of the tensors that the repeated training gave.</param>
/// <param name="Differences">What was not as the file says: data, parent, version, kernel set; empty when all was.</param>
/// <param name="Seconds">How long the repeated training took.</param>
public sealed record Verification(string Path, string Sha256, string RepeatedSha256, IReadOnlyList<string> Differences, double Seconds)
{
    /// <summary>Gets a value indicating whether the repeated training gave the file's bits.</summary>
    public bool IsSame => Sha256 == RepeatedSha256;

    /// <summary>Repeats the training of a file.</summary>
    /// <param name="path">A weights file that a run of Pondus wrote.</param>
    /// <param name="edits">Changes of the experiment, for data or parent weights that lie elsewhere now.</param>
    /// <param name="time">Clock of the repeated run.</param>
    /// <param name="observers">Watchers of the training, or null.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="WeightFormatException">The file does not say which experiment it came from, or was changed since.</exception>
    public static Verification Run(string path, IReadOnlyList<ExperimentEdit> edits, TimeProvider time, IReadOnlyList<Training.ITrainingObserver>? observers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edits);
        IReadOnlyDictionary<string, string> metadata;
        string sha256;
        using (WeightFile file = WeightFile.Open(path))
        {
            metadata = file.Metadata;
            sha256 = WeightDigest.Compute(file.Entries);
        }

        Lineage.RefuseChanged(path, metadata, sha256);
        Experiment experiment = Lineage.ExperimentOf(path, metadata).Apply(edits);
        string folder = Directory.CreateTempSubdirectory("pondus-verify-").FullName;
        try
        {
            TrainOptions options = new() { Folder = System.IO.Path.Combine(folder, "run") };
            RunRecord record = new ExperimentRunner(time).Train(experiment, options, progress: null, observers, cancellationToken).Record;
            cancellationToken.ThrowIfCancellationRequested();
            return new Verification(path, sha256, record.Results?.Sha256 ?? string.Empty, Lineage.Differences(metadata, record), record.Results?.Seconds ?? 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
