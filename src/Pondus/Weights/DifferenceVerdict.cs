namespace Pondus.Weights;

/// <summary>Says in one sentence what a comparison shows.</summary>
/// <remarks>The thresholds are rules of thumb: weights trained apart have cosines of about 0, fine-tuning keeps most of them above 0.9,
/// and rounding to 8 bits or more leaves 20 dB and more.</remarks>
internal static class DifferenceVerdict
{
    private const double Unrelated = 0.3;
    private const double Rounding = 20;
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
        if (changed.Length == 0)
        {
            return Same(difference) + rest;
        }

        TensorDifference[] telling = Telling(tensors), tellingChanged = Telling(changed);
        bool onlyRounded = changed.All(static tensor => tensor.Match.First.DataType != tensor.Match.Second.DataType && tensor.SignalToNoise is >= Rounding);
        bool onlyTurned = changed.All(static tensor => tensor.Rearrangement is not null);
        double cosine = Median(tellingChanged.Select(static tensor => Math.Abs(tensor.Cosine ?? 0)));
        double alignment = Median(tellingChanged.Select(static tensor => Math.Max(tensor.Rows?.UnbiasedCka ?? 0, tensor.Rows?.ColumnCka ?? 0)));
        const double aligned = 0.9;
        string sentence =
            changed.Any(static tensor => tensor.NonFinite > 0) ? $"{changed.Length:N0} of {tensors.Count:N0} tensors changed, with values that are NaN or infinite"
            : onlyRounded ? $"the same weights, rounded: {changed.Min(static tensor => tensor.SignalToNoise):F1} dB and more above the noise"
            : onlyTurned ? $"the same values in another order in {changed.Length:N0} of {tensors.Count:N0} tensors"
            : tellingChanged.Length == 0 || 2 * tellingChanged.Length <= telling.Length && cosine < Unrelated ? $"{changed.Length:N0} of {tensors.Count:N0} tensors changed"
            : cosine < Unrelated && alignment > aligned ? $"the same network with its neurons in another order: cosine {cosine:F2}, unbiased CKA {alignment:F2}"
            : cosine < Unrelated ? $"different generations: same shapes, cosine {Near(cosine)} in {tellingChanged.Length:N0} of {telling.Length:N0} matrices"
            : $"fine-tuned: {changed.Length:N0} of {tensors.Count:N0} tensors changed";
        return sentence + rest;
    }

    private static string Same(WeightDifference difference)
    {
        bool sameTypes = difference.Tensors.All(static tensor => tensor.HasEqualBits || (tensor.Match.Axes is not null && tensor.Match.First.DataType == tensor.Match.Second.DataType));
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

    private static string Near(double cosine) => cosine < 0.1 ? "about 0" : $"about {cosine:F1}";

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
