namespace Pondus.Runs;

/// <summary>What a run came to.</summary>
public sealed record RunResults
{
    /// <summary>Gets the epochs done.</summary>
    public long Epochs { get; init; }

    /// <summary>Gets the steps done.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the wall time of the last process in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets loss and metrics over the batches of the last epoch.</summary>
    public IReadOnlyDictionary<string, double>? Train { get; init; }

    /// <summary>Gets loss and metrics of the best weights on the validation part.</summary>
    public IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>Gets loss and metrics of the best weights on the test part; means over folds in a cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? Test { get; init; }

    /// <summary>Gets the standard deviation of the test's metrics over folds, or null without a cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? TestDeviation { get; init; }

    /// <summary>Gets the number of folds in all, or null without a cross-validation.</summary>
    public int? Folds { get; init; }

    /// <summary>Gets the epoch of the best weights, from 1; 0 without a validation part.</summary>
    public long BestEpoch { get; init; }

    /// <summary>Gets the digest of the best weights.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the digest of the last weights.</summary>
    public string? FinalSha256 { get; init; }
}
