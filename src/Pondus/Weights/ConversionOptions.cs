using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>What a conversion changes besides the format.</summary>
public sealed record ConversionOptions
{
    /// <summary>Gets the format to write; null for the one that the target's name asks for.</summary>
    public IWeightFormat? Format { get; init; }

    /// <summary>Gets the type that floating-point tensors, and those whose type the format does not hold, are given; null to keep types.</summary>
    public string? DataType { get; init; }

    /// <summary>Gets new names and layouts, or null. Tensors that it does not name keep theirs.</summary>
    public WeightNameMap? Map { get; init; }

    /// <summary>Gets patterns of the names to keep; <c>*</c> stands for any letters. Empty for all.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Gets patterns of the names to leave out.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Gets what is cut off in front of names that begin with it, or null.</summary>
    public string? StripPrefix { get; init; }

    /// <summary>Gets what is put in front of all names, or null.</summary>
    public string? AddPrefix { get; init; }

    /// <summary>Gets the largest size of a file in bytes: what is larger becomes several files and an index; 0 for one file.</summary>
    public long ShardBytes { get; init; }
}
