using Pondus.Formats;
using Pondus.Kernels;

namespace Pondus.Weights;

/// <summary>What is in a file of weights, and whether it is healthy.</summary>
/// <remarks>Memory: some 20 MB of buffers whatever the file's size, beside its table; spectra take the square of a matrix's shorter side in float64.</remarks>
/// <example><code>
/// using WeightFile file = WeightFile.Open("model.safetensors");
/// Inspection inspection = Inspection.Of(file);
/// Console.WriteLine(inspection.Verdict);
/// </code></example>
public sealed class Inspection
{
    // Multiplications of a second, about.
    private const double QuickCost = 1e10;

    private Inspection(WeightFile file, IReadOnlyList<InspectionTensor> tensors, bool spectraLeftOut)
    {
        Path = file.Path;
        Format = file.Format;
        Metadata = file.Metadata;
        Remarks = file.Remarks;
        Tensors = tensors;
        SpectraLeftOut = spectraLeftOut;
        ParameterCount = tensors.Sum(static tensor => tensor.Entry.Count);
        ByteCount = tensors.Sum(static tensor => tensor.Entry.ByteCount);
        Groups = InspectionGroup.Of(tensors);
        Findings = InspectionRules.Find(tensors, file);
    }

    /// <summary>Gets the file's path.</summary>
    public string Path { get; }

    /// <summary>Gets the name of its format.</summary>
    public string Format { get; }

    /// <summary>Gets what the file says about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets what its reader found beside tensors.</summary>
    public IReadOnlyList<WeightRemark> Remarks { get; }

    /// <summary>Gets the tensors in the file's order.</summary>
    public IReadOnlyList<InspectionTensor> Tensors { get; }

    /// <summary>Gets the number of elements of all tensors.</summary>
    public long ParameterCount { get; }

    /// <summary>Gets the bytes of all tensors.</summary>
    public long ByteCount { get; }

    /// <summary>Gets the tensors grouped by the beginnings of their names.</summary>
    public IReadOnlyList<InspectionGroup> Groups { get; }

    /// <summary>Gets what was found, the gravest first.</summary>
    public IReadOnlyList<InspectionFinding> Findings { get; }

    /// <summary>Gets whether spectra were left out because they would have taken long.</summary>
    public bool SpectraLeftOut { get; }

    /// <summary>Gets where the weights come from: the metadata under <c>pondus.</c>, without that prefix.</summary>
    public IReadOnlyDictionary<string, string> Lineage => Metadata
        .Where(static pair => pair.Key.StartsWith("pondus.", StringComparison.Ordinal))
        .ToDictionary(static pair => pair.Key["pondus.".Length..], static pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Gets whether nothing graver than a note was found.</summary>
    public bool IsHealthy => Findings.All(static finding => finding.Severity == InspectionSeverity.Note);

    /// <summary>Gets one sentence: healthy or not, and why.</summary>
    public string Verdict => InspectionRules.Verdict(this);

    /// <summary>Looks at a file.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="options">What to look at, or null for the defaults.</param>
    /// <param name="progress">Told how far it is, from several threads.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="KeyNotFoundException">There is no tensor of the wanted name.</exception>
    /// <exception cref="IOException">The file cannot be read any more. A damaged tensor is a finding instead.</exception>
    public static Inspection Of(WeightFile file, InspectionOptions? options = null, IProgress<WeightProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new InspectionOptions();
        IReadOnlyList<WeightEntry> entries = options.Tensor is null ? file.Entries
            : [file.Find(options.Tensor) ?? throw new KeyNotFoundException($"{file.Path}: expected a tensor '{options.Tensor}', got {file.Entries.Count} others.")];
        List<InspectionJob> jobs = [.. entries.Select(entry => new InspectionJob(entry, options.Statistics, options.Hashes))];
        if (options.Statistics || options.Hashes)
        {
            InspectionPass.Run(jobs, options.Threads, progress, cancellation);
        }

        (Spectrum?[] spectra, bool leftOut) = FindSpectra(jobs, options, progress, cancellation);
        return new Inspection(file, [.. jobs.Select((job, index) => new InspectionTensor
        {
            Entry = job.Entry,
            Statistics = job.Statistics,
            Sha256 = job.Sha256,
            Failure = job.Failure,
            Spectrum = spectra[index],
        })], leftOut);
    }

    private static (Spectrum?[] Spectra, bool LeftOut) FindSpectra(
        List<InspectionJob> jobs, InspectionOptions options, IProgress<WeightProgress>? progress, CancellationToken cancellation)
    {
        Spectrum?[] spectra = new Spectrum?[jobs.Count];
        List<(int Index, double Cost)> matrices = [];
        for (int i = 0; i < jobs.Count; i++)
        {
            if (jobs[i].Failure is null && SpectrumMatrix.Of(jobs[i].Entry) is { } matrix)
            {
                matrices.Add((i, matrix.Cost));
            }
        }

        double total = matrices.Sum(static matrix => matrix.Cost), done = 0;
        if (options.Spectra == SpectrumChoice.None || (options.Spectra == SpectrumChoice.IfQuick && total > QuickCost))
        {
            return (spectra, options.Spectra == SpectrumChoice.IfQuick && matrices.Count > 0);
        }

        // The largest first, one thread for each; a matrix is never split, so its values do not depend on the number of threads.
        Lock gate = new();
        Queue<(int Index, double Cost)> waiting = new(matrices.OrderByDescending(static matrix => matrix.Cost));
        int threads = options.Threads > 0 ? options.Threads : Pool.ThreadCount;
        try
        {
            Task.WaitAll([.. Enumerable.Range(0, Math.Min(threads, waiting.Count)).Select(_ => Task.Factory.StartNew(Work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default))], CancellationToken.None);
        }
        catch (AggregateException error)
        {
            cancellation.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        return (spectra, false);

        void Work()
        {
            while (true)
            {
                (int Index, double Cost) matrix;
                lock (gate)
                {
                    if (!waiting.TryDequeue(out matrix))
                    {
                        return;
                    }
                }

                spectra[matrix.Index] = TrySpectrum(jobs[matrix.Index].Entry, cancellation);
                lock (gate)
                {
                    done += matrix.Cost;
                    progress?.Report(new WeightProgress("spectra", (long)done, (long)total));
                }
            }
        }
    }

    private static Spectrum? TrySpectrum(WeightEntry entry, CancellationToken cancellation)
    {
        try
        {
            return Spectrum.Of(entry, cancellation);
        }
        catch (Exception error) when (error is WeightFormatException or NotSupportedException)
        {
            // Damage is a finding of the pass over the values; what cannot be decoded has no spectrum.
            return null;
        }
    }
}
