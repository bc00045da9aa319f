using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>What <c>diff --json</c> prints.</summary>
internal sealed record DifferenceOutput(
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Formats,
    IReadOnlyList<long> Parameters,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Metadata,
    string Verdict,
    bool Identical,
    bool SameValues,
    IReadOnlyList<TensorDifferenceOutput> Tensors,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected)
{
    /// <summary>Puts what the library returns into the form that is printed.</summary>
    public static DifferenceOutput Of(WeightFile first, WeightFile second, WeightDifference difference) => new(
        [first.Path, second.Path],
        difference.Formats,
        [first.Entries.Sum(static entry => entry.Count), second.Entries.Sum(static entry => entry.Count)],
        [first.Metadata, second.Metadata],
        difference.Verdict,
        difference.IsIdentical,
        difference.HasSameValues,
        [.. difference.Tensors.Select(TensorDifferenceOutput.Of)],
        [.. difference.Matching.Missing.Select(static entry => entry.Name)],
        [.. difference.Matching.Unexpected.Select(static entry => entry.Name)]);
}

/// <summary>One pair of tensors; distances that do not exist are null.</summary>
internal sealed record TensorDifferenceOutput(
    string Name,
    string Other,
    string By,
    IReadOnlyList<int>? Axes,
    IReadOnlyList<string> Dtypes,
    IReadOnlyList<IReadOnlyList<long>> Shapes,
    bool Equal,
    bool EqualValues,
    string? Obstacle,
    string? Rearrangement,
    long Count,
    long Nonfinite,
    long EqualCount,
    double? Max,
    double? Mean,
    double? Rmse,
    double? Relative,
    double? SignalToNoise,
    double? Cosine,
    double? Pearson,
    long SignChanges,
    long ZeroedCount,
    double? Wasserstein,
    double? Ks,
    double? KsP,
    double? Kl,
    double? KlBack,
    double? JensenShannon,
    long Sampled,
    RowSimilarityOutput? Rows)
{
    public static TensorDifferenceOutput Of(TensorDifference tensor) => new(
        tensor.Match.First.Name,
        tensor.Match.Second.Name,
        WeightNameMap.NameOf(tensor.Match.Kind),
        tensor.Match.Axes,
        tensor.DataTypes,
        [Shape(tensor.Match.First), Shape(tensor.Match.Second)],
        tensor.HasEqualBits,
        tensor.HasEqualValues,
        tensor.Obstacle,
        tensor.Rearrangement,
        tensor.Count,
        tensor.NonFinite,
        tensor.EqualCount,
        tensor.Max,
        tensor.Mean,
        tensor.RootMeanSquare,
        tensor.Relative,
        tensor.SignalToNoise,
        tensor.Cosine,
        tensor.Pearson,
        tensor.SignChanges,
        tensor.ZeroedCount,
        tensor.Wasserstein,
        tensor.KolmogorovSmirnov,
        tensor.KolmogorovSmirnovProbability,
        tensor.KullbackLeibler,
        tensor.KullbackLeiblerBack,
        tensor.JensenShannon,
        tensor.Sampled,
        tensor.Rows is { } rows ? new RowSimilarityOutput(rows.Rows, rows.LinearCka, rows.UnbiasedCka, rows.ColumnCka, rows.ProcrustesDistance, rows.ProcrustesDisparity, rows.SmallestCosine) : null);

    private static long[] Shape(WeightEntry entry) => entry.Shape.ToArray();
}

/// <summary>Two matrices, rows as examples.</summary>
internal sealed record RowSimilarityOutput(
    int Rows, double? Cka, double? CkaUnbiased, double? CkaUnbiasedOfColumns, double? ProcrustesDistance, double? ProcrustesDisparity, double? SmallestCosine);
