using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What <c>convert --json</c> prints.</summary>
internal sealed record ConversionOutput(
    string Source,
    string SourceFormat,
    string SourceSha256,
    string Target,
    string Format,
    long Parameters,
    long Bytes,
    IReadOnlyDictionary<string, string> Metadata,
    bool MetadataKept,
    IReadOnlyList<InspectedTensor> Tensors,
    IReadOnlyList<InspectedFinding> Findings,
    bool Lossless,
    IReadOnlyList<TensorErrorOutput> Changed,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<RenamedOutput> Renamed,
    IReadOnlyList<RemarkOutput> Remarks)
{
    /// <summary>Puts what the library returns into the form that is printed.</summary>
    /// <param name="source">The file read.</param>
    /// <param name="report">What was done.</param>
    /// <param name="written">The file written, read again.</param>
    public static ConversionOutput Of(string source, ConversionReport report, Inspection written) => new(
        source,
        report.SourceFormat,
        report.SourceSha256,
        report.Path,
        report.TargetFormat,
        written.ParameterCount,
        report.ByteCount,
        written.Metadata,
        report.HoldsMetadata,
        [.. written.Tensors.Select(static tensor => InspectedTensor.Of(tensor, histogram: null))],
        [.. written.Findings.Select(InspectedFinding.Of)],
        report.IsLossless,
        [.. report.Changed.Select(TensorErrorOutput.Of)],
        report.Dropped,
        [.. report.Renamed.Select(static pair => new RenamedOutput(pair.From, pair.To))],
        [.. report.Remarks.Select(static remark => new RemarkOutput($"{remark.Kind}".ToLowerInvariant(), remark.Subject, remark.Message))]);
}

/// <summary>A tensor under a new name.</summary>
internal sealed record RenamedOutput(string From, string To);

/// <summary>What a reader found beside the tensors.</summary>
internal sealed record RemarkOutput(string Kind, string Subject, string Message);

/// <summary>What <c>prune --json</c> and <c>quantize --json</c> print.</summary>
internal sealed record OperationOutput(string Source, string Target, IReadOnlyList<TensorErrorOutput> Tensors, TensorErrorOutput Total, IReadOnlyList<KeptOutput> Kept)
{
    public static OperationOutput Of(string source, OperationReport report) => new(
        source,
        report.Path,
        [.. report.Tensors.Select(TensorErrorOutput.Of)],
        TensorErrorOutput.Of(report.Total),
        [.. report.Kept.Select(static pair => new KeptOutput(pair.Name, pair.Reason))]);
}

/// <summary>A tensor that stayed as it was.</summary>
internal sealed record KeptOutput(string Name, string Reason);

/// <summary>What <c>merge --json</c> prints: the result against each file, in all and by tensor.</summary>
internal sealed record MergeOutput(string Target, IReadOnlyList<TensorErrorOutput> Parents, IReadOnlyList<IReadOnlyList<TensorErrorOutput>> Tensors, IReadOnlyList<string> Copied)
{
    public static MergeOutput Of(MergingReport report) => new(
        report.Path,
        [.. report.Parents.Select(TensorErrorOutput.Of)],
        [.. report.Tensors.Select(static row => row.Select(TensorErrorOutput.Of).ToArray())],
        report.Copied);
}

/// <summary>What became of a tensor; ratios that do not exist are null.</summary>
internal sealed record TensorErrorOutput(
    string Name,
    string From,
    string To,
    long Count,
    long BytesBefore,
    long BytesAfter,
    bool Lossless,
    double Max,
    double Mean,
    double? Relative,
    double? SignalToNoise,
    double? Cosine,
    double SparsityBefore,
    double SparsityAfter,
    long Overflows,
    long Underflows)
{
    public static TensorErrorOutput Of(TensorError error) => new(
        error.Name,
        error.From,
        error.To,
        error.Count,
        error.BytesBefore,
        error.BytesAfter,
        error.IsLossless,
        error.Max,
        error.Mean,
        error.Relative,
        error.SignalToNoise,
        error.Cosine,
        error.SparsityBefore,
        error.SparsityAfter,
        error.Overflows,
        error.Underflows);
}
