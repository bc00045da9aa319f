namespace Pondus.Weights;

/// <summary>Says in one sentence what a comparison shows.</summary>
/// <remarks>The thresholds are rules of thumb: fine-tuning changes weights by some percent of their norm or changes few of them, training
/// on or anew changes most by 15 percent and more, weights trained apart have cosines of about 0, and rounding to 4 bits or more
/// leaves 15 dB and more.</remarks>
internal static class DifferenceVerdict
{
    private const double Unrelated = 0.3;
    private const double Aligned = 0.9;
    private const double Apart = 0.15;
    private const double Rounding = 15;
    private const int ElementsThatTell = 16;

    public static string Of(WeightDifference difference)
    {
        IReadOnlyList<TensorDifference> tensors = difference.Tensors;
        string rest = Rest(difference);
        if (tensors.Count == 0)
        {
            return difference.Matching.Missing.Count + difference.Matching.Unexpected.Count == 0
                ? "no tensors in either"
                : $"different networks: no tensor of one fits one of the other{rest}";
        }

        TensorDifference[] changed = [.. tensors.Where(static tensor => !tensor.HasEqualValues)];
        int larger = tensors.Count + Math.Max(difference.Matching.Missing.Count, difference.Matching.Unexpected.Count);
        bool isGuess = tensors.All(static tensor => tensor.Match.Kind is MatchKind.Shape or MatchKind.Spelling && !tensor.HasEqualValues);
        if (isGuess && 2 * tensors.Count < larger)
        {
            return $"different networks: {tensors.Count:N0} tensors happen to have the same sizes{rest}";
        }

        return (changed.Length == 0 ? Same(difference) : OfChanged(difference, changed)) + rest;
    }

    private static string OfChanged(WeightDifference difference, TensorDifference[] changed)
    {
        string count = $"{changed.Length:N0} of {difference.Tensors.Count:N0} tensors";
        if (Array.Exists(changed, static tensor => tensor.NonFinite > 0))
        {
            return $"{count} changed, with values that are NaN or infinite";
        }

        if (Array.TrueForAll(changed, static tensor => tensor.Rearrangement is not null))
        {
            return $"{Same(difference)}, with the values of {count} in another order";
        }

        if (Array.TrueForAll(changed, static tensor => tensor.DataTypes[0] != tensor.DataTypes[1] && tensor.SignalToNoise is >= Rounding))
        {
            return $"the same weights, rounded: {changed.Min(static tensor => tensor.SignalToNoise):F1} dB and more above the noise";
        }

        long zeroed = changed.Sum(static tensor => tensor.ZeroedCount), values = changed.Sum(static tensor => tensor.Count);
        if (zeroed + changed.Sum(static tensor => tensor.EqualCount) == values)
        {
            return $"pruned: {100.0 * zeroed / values:F1} % of the values of {count} were set to zero";
        }

        TensorDifference[] all = Telling(difference.Tensors), telling = Telling(changed);
        bool isMost = 3 * telling.Length >= 2 * all.Length;
        double cosine = Median(telling.Select(static tensor => tensor.Cosine ?? 0));
        double relative = Median(telling.Select(static tensor => tensor.Relative ?? 0));
        double alignment = Median(telling.Select(static tensor => Math.Max(tensor.Rows?.UnbiasedCka ?? 0, tensor.Rows?.ColumnCka ?? 0)));
        if (telling.Length == 0 || (!isMost && Math.Abs(cosine) < Unrelated))
        {
            return $"{count} changed";
        }

        if (Math.Abs(cosine) < Unrelated && alignment > Aligned)
        {
            return $"the same network with its neurons in another order: cosine {cosine:F2}, unbiased CKA {alignment:F2}";
        }

        if (isMost && relative >= Apart)
        {
            return $"different generations: same shapes, {telling.Length:N0} of {all.Length:N0} {(all[0].Match.First.Shape.Length < 2 ? "vectors" : "matrices")} differ, in the median by {100 * relative:F0} %, cosine {Near(cosine)}";
        }

        return $"fine-tuned: {count} changed";
    }

    private static string Same(WeightDifference difference)
    {
        bool sameTypes = difference.Tensors.All(static tensor => tensor.DataTypes[0] == tensor.DataTypes[1]);
        bool sameNames = difference.Tensors.All(static tensor => tensor.Match.First.Name == tensor.Match.Second.Name);
        bool sameLayout = difference.Tensors.All(static tensor => tensor.Match.Axes is null);
        string how = string.Join(" and ", new[] { sameNames ? null : "under other names", sameLayout ? null : "in another layout", sameTypes ? null : "in other types" }.OfType<string>());
        return how.Length == 0 ? "the same weights" : $"the same weights {how}";
    }

    private static string Rest(WeightDifference difference)
    {
        int missing = difference.Matching.Missing.Count, unexpected = difference.Matching.Unexpected.Count;
        string text = missing > 0 ? $"; {missing:N0} only in the first" : string.Empty;
        return unexpected > 0 ? $"{text}; {unexpected:N0} only in the second" : text;
    }

    // Matrices tell; scales of norms are near 1 in every network, and so is their cosine.
    private static TensorDifference[] Telling(IEnumerable<TensorDifference> tensors)
    {
        TensorDifference[] comparable = [.. tensors.Where(static tensor => tensor.Cosine is not null && tensor.Count >= ElementsThatTell)];
        TensorDifference[] matrices = [.. comparable.Where(static tensor => tensor.Match.First.Shape.Length >= 2)];
        return matrices.Length > 0 ? matrices : comparable;
    }

    private static string Near(double cosine) => Math.Abs(cosine) < 0.05 ? "about 0" : $"{cosine:F2}";

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
