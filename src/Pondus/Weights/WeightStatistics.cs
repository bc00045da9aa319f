namespace Pondus.Weights;

/// <summary>What one pass over a tensor tells about its values.</summary>
/// <remarks>
/// <para>Minimum, maximum, mean and deviation are those of the finite values; the others are counted. Sums are in float64,
/// taken about the mean of each block of 4,096 values and joined by the formula of Chan, Golub and LeVeque 1979.</para>
/// <para>A row is everything under one index of the first axis: for a linear or convolutional weight, one output.</para>
/// </remarks>
public sealed record WeightStatistics
{
    /// <summary>Gets the number of values.</summary>
    public required long Count { get; init; }

    /// <summary>Gets the least finite value; NaN when there is none.</summary>
    public required double Min { get; init; }

    /// <summary>Gets the largest finite value; NaN when there is none.</summary>
    public required double Max { get; init; }

    /// <summary>Gets the mean of the finite values; NaN when there is none.</summary>
    public required double Mean { get; init; }

    /// <summary>Gets the population's standard deviation of the finite values: the sum of squares is divided by their number.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>Gets how many values are 0, of either sign.</summary>
    public required long ZeroCount { get; init; }

    /// <summary>Gets how many values are not a number.</summary>
    public required long NanCount { get; init; }

    /// <summary>Gets how many values are positive infinity.</summary>
    public required long PositiveInfinityCount { get; init; }

    /// <summary>Gets how many values are negative infinity.</summary>
    public required long NegativeInfinityCount { get; init; }

    /// <summary>Gets how many values are NaN or infinite.</summary>
    public long NonFiniteCount => NanCount + PositiveInfinityCount + NegativeInfinityCount;

    /// <summary>Gets the largest magnitude of a finite value; NaN when there is none.</summary>
    public double LargestMagnitude => Math.Max(Math.Abs(Min), Math.Abs(Max));

    /// <summary>Gets the root of the mean square of the finite values.</summary>
    public double RootMeanSquare => Math.Sqrt((Mean * Mean) + (StandardDeviation * StandardDeviation));

    /// <summary>Gets whether all values are one finite number.</summary>
    public bool IsConstant => Count > 0 && NonFiniteCount == 0 && Min == Max;

    /// <summary>Gets how many finite values fall into each of 32 bins of one width from <see cref="Min"/> to <see cref="Max"/>.</summary>
    /// <remarks>Estimated from bins of a sixteenth of an octave, so that one pass is enough; <see cref="WeightHistogram"/> counts exactly in a second one.</remarks>
    public required IReadOnlyList<long> Histogram { get; init; }

    /// <summary>Gets the number of rows; 0 for a tensor with fewer than two axes or with rows of one value.</summary>
    public required long RowCount { get; init; }

    /// <summary>Gets how many rows of at least two values are all zero.</summary>
    public required long ZeroRowCount { get; init; }

    /// <summary>Gets how many rows of at least two values are one number other than zero.</summary>
    public required long ConstantRowCount { get; init; }

    /// <summary>Gets the indices of the first zero or constant rows, at most eight.</summary>
    public required IReadOnlyList<long> FirstDeadRows { get; init; }

    /// <summary>Gets what narrower types would lose: bfloat16 and float16 for float32, float32 for float64, none for others.</summary>
    public required IReadOnlyList<WeightPrecision> Precisions { get; init; }
}
