namespace Pondus.Metrics;

/// <summary>How many negatives are taken for positives, and how many positives are found, as the threshold falls.</summary>
/// <remarks>One point for each distinct score, after a first one where nothing is called positive. As scikit-learn's <c>roc_curve</c> with all points kept. A rate without samples is NaN.</remarks>
public sealed class RocCurve
{
    private readonly double[] _falsePositives;
    private readonly double[] _truePositives;
    private readonly double[] _thresholds;

    private RocCurve(double[] falsePositives, double[] truePositives, double[] thresholds)
    {
        _falsePositives = falsePositives;
        _truePositives = truePositives;
        _thresholds = thresholds;
    }

    /// <summary>Gets the share of negatives that are called positive.</summary>
    public IReadOnlyList<double> FalsePositiveRates => Rates(_falsePositives);

    /// <summary>Gets the share of positives that are called positive.</summary>
    public IReadOnlyList<double> TruePositiveRates => Rates(_truePositives);

    /// <summary>Gets the scores from which on a sample is called positive; the first is infinite.</summary>
    public IReadOnlyList<double> Thresholds => _thresholds;

    /// <summary>Gets the area under the curve; NaN unless both kinds have samples.</summary>
    public double Area => PartialArea(1);

    /// <summary>Gets the mean precision over the steps of recall: Σ (R_i - R_(i-1)) P_i; 0 without positives, as scikit-learn.</summary>
    public double AveragePrecision
    {
        get
        {
            double positives = _truePositives[^1], sum = 0;
            if (_thresholds.Length == 1)
            {
                return double.NaN;
            }

            for (int i = 1; i < _truePositives.Length && positives > 0; i++)
            {
                double called = _truePositives[i] + _falsePositives[i];
                sum += called == 0 ? 0 : (_truePositives[i] - _truePositives[i - 1]) / positives * (_truePositives[i] / called);
            }

            return sum;
        }
    }

    /// <summary>Ranks samples.</summary>
    /// <param name="labels">1 for positives, 0 for negatives.</param>
    /// <param name="scores">A finite score for each; higher is more positive.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="ShapeException">The counts differ, or a label is neither 0 nor 1.</exception>
    /// <exception cref="ArgumentException">A score is not finite.</exception>
    public static RocCurve Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, ReadOnlySpan<double> weights = default)
    {
        if (labels.Length != scores.Length || (weights.Length > 0 && weights.Length != labels.Length))
        {
            throw new ShapeException($"RocCurve: expected a score and a weight for each of {labels.Length} labels, got {scores.Length} and {weights.Length}.");
        }

        int[] order = new int[labels.Length];
        double[] keys = new double[labels.Length];
        for (int i = 0; i < order.Length; i++)
        {
            if (!double.IsFinite(scores[i]))
            {
                throw new ArgumentException($"RocCurve: expected finite scores, got {scores[i]} at place {i}.", nameof(scores));
            }

            if (labels[i] is not (0 or 1))
            {
                throw new ShapeException($"RocCurve: expected labels of 0 and 1, got {labels[i]} at place {i}.");
            }

            order[i] = i;
            keys[i] = -scores[i];
        }

        Array.Sort(keys, order);
        List<double> falsePositives = [0], truePositives = [0], thresholds = [double.PositiveInfinity];
        double wrong = 0, right = 0;
        for (int i = 0; i < order.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[order[i]];
            wrong += labels[order[i]] == 0 ? weight : 0;
            right += labels[order[i]] == 1 ? weight : 0;
            if (i == order.Length - 1 || keys[i] != keys[i + 1])
            {
                falsePositives.Add(wrong);
                truePositives.Add(right);
                thresholds.Add(-keys[i]);
            }
        }

        return new RocCurve([.. falsePositives], [.. truePositives], [.. thresholds]);
    }

    /// <summary>Computes the area up to a rate of false positives, scaled so that chance is 0.5 and perfection 1.</summary>
    /// <param name="maximum">The rate, in (0, 1]; 1 gives the whole area.</param>
    /// <returns>The area; NaN unless both kinds have samples. Source: McClish 1989.</returns>
    public double PartialArea(double maximum)
    {
        if (maximum is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, $"RocCurve: expected a rate in (0, 1], got {maximum}.");
        }

        double negatives = _falsePositives[^1], positives = _truePositives[^1], area = 0;
        if (negatives == 0 || positives == 0)
        {
            return double.NaN;
        }

        for (int i = 1; i < _thresholds.Length; i++)
        {
            double x0 = _falsePositives[i - 1] / negatives, x1 = _falsePositives[i] / negatives;
            double y0 = _truePositives[i - 1] / positives, y1 = _truePositives[i] / positives;
            if (x1 > maximum)
            {
                double cut = y0 + ((maximum - x0) / (x1 - x0) * (y1 - y0));
                area += (maximum - x0) * (y0 + cut) / 2;
                break;
            }

            area += (x1 - x0) * (y0 + y1) / 2;
        }

        double least = maximum * maximum / 2;
        return maximum == 1 ? area : 0.5 * (1 + ((area - least) / (maximum - least)));
    }

    private static double[] Rates(double[] counts) => Array.ConvertAll(counts, c => counts[^1] == 0 ? double.NaN : c / counts[^1]);
}
