namespace Pondus.Weights;

/// <summary>How one tensor differs from its counterpart in another file.</summary>
/// <remarks>
/// <para>Formula: a and b are the values as float64, d = b - a over the pairs in which both are finite. Relative L2 = |d| / |a|;
/// signal to noise = 20 log10(|a| / |d|) in dB; sign(0) = 0 in sign changes. Wasserstein-1 = mean |sorted a - sorted b|.
/// Kullback-Leibler divergences (natural logarithm) and Jensen-Shannon's (not its root) are of histograms with 64 equal bins from
/// the smallest to the largest value of both, 1 added to every count. All distances are null for types without real values and for
/// tensors of different sizes.</para>
/// </remarks>
public sealed record TensorDifference
{
    /// <summary>Gets the match that is compared.</summary>
    public required TensorMatch Match { get; init; }

    /// <summary>Gets the types in which both are stored; of weights that Pondus quantized that of the codes.</summary>
    public required IReadOnlyList<string> DataTypes { get; init; }

    /// <summary>Gets whether the bytes are the same and of one type.</summary>
    public bool HasEqualBits { get; init; }

    /// <summary>Gets whether all values are the same, whatever the types; NaN equals NaN, and zero its negative.</summary>
    public bool HasEqualValues { get; init; }

    /// <summary>Gets why there are no distances, or null.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Gets what the second is beside its values' differences: <c>rows permuted</c>, <c>values in another order</c>, or null.</summary>
    public string? Rearrangement { get; init; }

    /// <summary>Gets the number of pairs of values.</summary>
    public long Count { get; init; }

    /// <summary>Gets the number of pairs in which a value is NaN or infinite, left out of the distances.</summary>
    public long NonFinite { get; init; }

    /// <summary>Gets the number of pairs of equal values.</summary>
    public long EqualCount { get; init; }

    /// <summary>Gets the number of values that are zero in the second only.</summary>
    public long ZeroedCount { get; init; }

    /// <summary>Gets the largest absolute difference.</summary>
    public double? Max { get; init; }

    /// <summary>Gets the mean absolute difference.</summary>
    public double? Mean { get; init; }

    /// <summary>Gets the root of the mean squared difference.</summary>
    public double? RootMeanSquare { get; init; }

    /// <summary>Gets the norm of the difference relative to that of the first; null when the first is zero.</summary>
    public double? Relative { get; init; }

    /// <summary>Gets the signal-to-noise ratio in dB; null when the first is zero or nothing differs.</summary>
    public double? SignalToNoise { get; init; }

    /// <summary>Gets the cosine of the angle between both; null when one is zero.</summary>
    public double? Cosine { get; init; }

    /// <summary>Gets Pearson's correlation; null when one does not vary.</summary>
    public double? Pearson { get; init; }

    /// <summary>Gets the number of values whose sign changed.</summary>
    public long SignChanges { get; init; }

    /// <summary>Gets the distance of the two distributions of values, in the unit of the values.</summary>
    public double? Wasserstein { get; init; }

    /// <summary>Gets the largest distance of the two distribution functions.</summary>
    public double? KolmogorovSmirnov { get; init; }

    /// <summary>Gets how probable such a distance is between two samples of one distribution.</summary>
    public double? KolmogorovSmirnovProbability { get; init; }

    /// <summary>Gets the Kullback-Leibler divergence of the first from the second, in nats.</summary>
    public double? KullbackLeibler { get; init; }

    /// <summary>Gets the Kullback-Leibler divergence of the second from the first, in nats.</summary>
    public double? KullbackLeiblerBack { get; init; }

    /// <summary>Gets the Jensen-Shannon divergence, in nats.</summary>
    public double? JensenShannon { get; init; }

    /// <summary>Gets how many of the values, evenly spread, the distributions were taken from: all of them up to a limit.</summary>
    public long Sampled { get; init; }

    /// <summary>Gets the comparison row by row; null for vectors.</summary>
    public RowSimilarity? Rows { get; init; }
}
