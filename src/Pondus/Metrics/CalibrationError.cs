namespace Pondus.Metrics;

/// <summary>Expected calibration error: how far confidence is from the share of right answers, over bins of equal width.</summary>
/// <remarks>
/// <para>Formula: Σ over bins of (n_b / n) |right_b - confidence_b|. For several classes confidence is the largest probability, the first of equal ones, and right whether it is at the label; for yes or no it is the probability of yes, and right whether it was one.</para>
/// <para>Range: [0, 1]. A bin holds its lower bound. As torchmetrics' <c>CalibrationError</c> with norm l1, in double. Source: Guo et al. 2017, arXiv:1706.04599, equation 3.</para>
/// </remarks>
public sealed class CalibrationError : ProbabilityMetric
{
    private const int SumsOfBin = 3;

    private readonly int _bins;

    /// <summary>Makes the metric.</summary>
    /// <param name="bins">Number of bins, at least 1.</param>
    /// <param name="form">What the outputs are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin.</exception>
    public CalibrationError(int bins = 15, OutputForm form = OutputForm.Logits)
        : base(form, sumCount: SumsOfBin * (bins >= 1 ? bins : throw new ArgumentOutOfRangeException(nameof(bins), bins, $"CalibrationError: expected at least 1 bin, got {bins}."))) => _bins = bins;

    /// <inheritdoc/>
    public override string Name => "calibrationError";

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            double total = 0, error = 0;
            for (int bin = 0; bin < _bins; bin++)
            {
                total += Sums[SumsOfBin * bin];
                error += Math.Abs(Sums[(SumsOfBin * bin) + 1] - Sums[(SumsOfBin * bin) + 2]);
            }

            return total == 0 ? double.NaN : error / total;
        }
    }

    /// <summary>Measures probabilities.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="probabilities">Row by row, the probability of each class, or of class 1 alone.</param>
    /// <param name="classes">Probabilities in a row.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The error; NaN without samples.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities, int classes = 1, int bins = 15, ReadOnlySpan<double> weights = default) =>
        new CalibrationError(bins, OutputForm.Probabilities).Measure(labels, probabilities, classes, weights);

    private protected override void AddSample(int label, ReadOnlySpan<double> probabilities, double weight)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        double confidence = probabilities[best];
        bool right = label == (probabilities.Length > 1 ? best : 1);
        int bin = SumsOfBin * Math.Clamp((int)(confidence * _bins), 0, _bins - 1);
        Sums[bin] += weight;
        Sums[bin + 1] += weight * confidence;
        Sums[bin + 2] += right ? weight : 0;
    }
}
