using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>What an operation on weights did to one tensor, measured against the values before.</summary>
/// <remarks>Formula: d = after - before over the pairs in which both are finite; relative L2 = |d| / |before|; signal to noise =
/// 20 log10(|before| / |d|) in dB.</remarks>
public sealed record TensorError
{
    /// <summary>Gets the tensor's name after the operation.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the element type before.</summary>
    public required string From { get; init; }

    /// <summary>Gets the element type after.</summary>
    public required string To { get; init; }

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; init; }

    /// <summary>Gets the bytes before.</summary>
    public long BytesBefore { get; init; }

    /// <summary>Gets the bytes after.</summary>
    public long BytesAfter { get; init; }

    /// <summary>Gets the largest absolute difference.</summary>
    public double Max { get; init; }

    /// <summary>Gets the mean absolute difference.</summary>
    public double Mean { get; init; }

    /// <summary>Gets the norm of the difference relative to that before; null when that is zero and this is not.</summary>
    public double? Relative { get; init; }

    /// <summary>Gets the signal-to-noise ratio in dB; null when nothing differs.</summary>
    public double? SignalToNoise { get; init; }

    /// <summary>Gets the cosine of the angle between before and after; null when one is zero.</summary>
    public double? Cosine { get; init; }

    /// <summary>Gets the share of values that are zero before.</summary>
    public double SparsityBefore { get; init; }

    /// <summary>Gets the share of values that are zero after.</summary>
    public double SparsityAfter { get; init; }

    /// <summary>Gets the number of finite values that became infinite or NaN, or the largest that the type has.</summary>
    public long Overflows { get; init; }

    /// <summary>Gets the number of values other than zero that became zero.</summary>
    public long Underflows { get; init; }

    /// <summary>Gets whether all values are the same as before.</summary>
    public bool IsLossless { get; init; }

    /// <summary>Measures a tensor.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it became; of the same sizes.</param>
    /// <returns>The error.</returns>
    /// <exception cref="ArgumentException">The numbers of elements differ.</exception>
    public static TensorError Measure(WeightEntry before, WeightEntry after)
    {
        ErrorSums sums = new();
        sums.Add(before, after);
        return sums.ToError(after.Name, before.DataType, after.DataType);
    }
}
