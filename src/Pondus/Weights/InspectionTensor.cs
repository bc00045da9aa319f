using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>One tensor as it was found.</summary>
public sealed record InspectionTensor
{
    // As PyTorch, Keras and Flax name what an optimizer keeps: its numbers may be tiny, zero or huge in a healthy training.
    private static readonly string[] s_stateWords = ["optimizer", "opt_state", "exp_avg", "momentum_buffer"];

    /// <summary>Gets the tensor itself: name, type, sizes, bytes.</summary>
    public required WeightEntry Entry { get; init; }

    /// <summary>Gets what its values are; null when they were not looked at or the type has no real values.</summary>
    public WeightStatistics? Statistics { get; init; }

    /// <summary>Gets the SHA-256 of its little-endian, row-major bytes, in lower case; null when it was not computed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets its singular values; null when they were not computed or it is no matrix.</summary>
    public Spectrum? Spectrum { get; init; }

    /// <summary>Gets why its bytes could not be read, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Gets whether its numbers are learned ones: of a floating-point type or of blocks that stand for one, and no state of an optimizer.</summary>
    public bool IsWeight => !Entry.DataType.StartsWith("int", StringComparison.Ordinal) && !Entry.DataType.StartsWith("uint", StringComparison.Ordinal)
        && Entry.DataType is not ("bool" or "float8_e8m0fnu") && !IsTrainingState(Entry.Name);

    private static bool IsTrainingState(string name) =>
        s_stateWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
