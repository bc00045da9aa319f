using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>What a conversion did.</summary>
public sealed record ConversionReport
{
    /// <summary>Gets the format read.</summary>
    public required string SourceFormat { get; init; }

    /// <summary>Gets the format written.</summary>
    public required string TargetFormat { get; init; }

    /// <summary>Gets the file written; with shards, the index.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the digest of the tensors read, see <see cref="WeightDigest"/>.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>Gets the number of tensors written.</summary>
    public required int TensorCount { get; init; }

    /// <summary>Gets the bytes of all tensors written.</summary>
    public required long ByteCount { get; init; }

    /// <summary>Gets what became of each tensor whose type changed.</summary>
    public required IReadOnlyList<TensorError> Changed { get; init; }

    /// <summary>Gets the names of the tensors that were left out.</summary>
    public required IReadOnlyList<string> Dropped { get; init; }

    /// <summary>Gets the tensors under new names, as old and new.</summary>
    public required IReadOnlyList<(string From, string To)> Renamed { get; init; }

    /// <summary>Gets what the reader found beside the tensors.</summary>
    public required IReadOnlyList<WeightRemark> Remarks { get; init; }

    /// <summary>Gets whether the target has a place for metadata, so that the source's and the lineage went along.</summary>
    public required bool HoldsMetadata { get; init; }

    /// <summary>Gets whether every value written is one that was read.</summary>
    public bool IsLossless => Changed.All(static tensor => tensor.IsLossless);
}
