using System.Text.Json.Serialization;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What <c>inspect --json</c> prints.</summary>
internal sealed record InspectionOutput(
    string File,
    string Format,
    long Parameters,
    long Bytes,
    bool Healthy,
    string Verdict,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, string> Lineage,
    IReadOnlyList<InspectedGroup> Groups,
    IReadOnlyList<InspectedTensor> Tensors,
    IReadOnlyList<InspectedFinding> Findings,
    IReadOnlyList<InspectedRemark> Remarks)
{
    /// <summary>Puts an inspection into the form that is printed.</summary>
    /// <param name="inspection">What was found.</param>
    /// <param name="histograms">Exact histograms by name, where they were counted.</param>
    public static InspectionOutput Of(Inspection inspection, IReadOnlyDictionary<string, WeightHistogram> histograms) => new(
        inspection.Path,
        inspection.Format,
        inspection.ParameterCount,
        inspection.ByteCount,
        inspection.IsHealthy,
        inspection.Verdict,
        inspection.Metadata,
        inspection.Lineage,
        [.. inspection.Groups.Select(static group => new InspectedGroup(group.Name, group.TensorCount, group.ParameterCount, group.ByteCount, group.DataTypes))],
        [.. inspection.Tensors.Select(tensor => InspectedTensor.Of(tensor, histograms.GetValueOrDefault(tensor.Entry.Name)))],
        [.. inspection.Findings.Select(InspectedFinding.Of)],
        [.. inspection.Remarks.Select(static remark => new InspectedRemark(remark.Kind.ToString().ToLowerInvariant(), remark.Subject, remark.Message))]);

    /// <summary>A severity as it is printed.</summary>
    public static string Name(InspectionSeverity severity) => severity switch
    {
        InspectionSeverity.Error => "error",
        InspectionSeverity.Warning => "warning",
        _ => "note",
    };
}

/// <summary>Tensors whose names begin alike.</summary>
internal sealed record InspectedGroup(string Name, int Tensors, long Parameters, long Bytes, IReadOnlyList<string> Dtypes);

/// <summary>Something that was found.</summary>
internal sealed record InspectedFinding(string Id, string Severity, string Message, IReadOnlyList<string> Tensors)
{
    public static InspectedFinding Of(InspectionFinding finding) => new(finding.Id, InspectionOutput.Name(finding.Severity), finding.Message, finding.Tensors);
}

/// <summary>Something that the reader said.</summary>
internal sealed record InspectedRemark(string Kind, string Subject, string Message);

/// <summary>What a narrower type would lose.</summary>
internal sealed record InspectedPrecision(string Dtype, bool Exact, double LargestError, double MeanError, long Overflows);

/// <summary>Rows of one number.</summary>
internal sealed record InspectedRows(long Count, long Zero, long Constant, IReadOnlyList<long> First);

/// <summary>An exact histogram.</summary>
internal sealed record InspectedHistogram(double Min, double Max, IReadOnlyList<long> Counts);

/// <summary>One tensor; what was not computed, or has no values, is left out.</summary>
internal sealed record InspectedTensor
{
    public required string Name { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    public required string Dtype { get; init; }

    public required long Count { get; init; }

    public required long Bytes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Min { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Max { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mean { get; init; }

    /// <summary>Gets the population's standard deviation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Std { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Zeros { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Nonfinite { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectedRows? Rows { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InspectedPrecision>? Precision { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectedSpectrum? Spectrum { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectedHistogram? Histogram { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Failure { get; init; }

    public static InspectedTensor Of(InspectionTensor tensor, WeightHistogram? histogram)
    {
        WeightEntry entry = tensor.Entry;
        WeightStatistics? s = tensor.Statistics;
        return new InspectedTensor
        {
            Name = entry.Name,
            Shape = entry.Shape.ToArray(),
            Dtype = entry.DataType,
            Count = entry.Count,
            Bytes = entry.ByteCount,
            Sha256 = tensor.Sha256,
            Min = s?.Min,
            Max = s?.Max,
            Mean = s?.Mean,
            Std = s?.StandardDeviation,
            Zeros = s?.ZeroCount,
            Nonfinite = s?.NonFiniteCount,
            Rows = s is { RowCount: > 0 } ? new InspectedRows(s.RowCount, s.ZeroRowCount, s.ConstantRowCount, s.FirstDeadRows) : null,
            Precision = s is { Precisions.Count: > 0 } ? [.. s.Precisions.Select(static p => new InspectedPrecision(p.DataType, p.IsExact, p.LargestError, p.MeanError, p.OverflowCount))] : null,
            Spectrum = tensor.Spectrum is null ? null : InspectedSpectrum.Of(tensor.Spectrum, withValues: histogram is not null),
            Histogram = histogram is null ? null : new InspectedHistogram(histogram.Min, histogram.Max, histogram.Counts),
            Failure = tensor.Failure,
        };
    }
}
