namespace Pondus.Metrics;

/// <summary>Mean precision over the steps of recall as the threshold falls: the area under the curve of precision and recall, without interpolation.</summary>
/// <remarks>Range: [0, 1]; the share of positives is chance. Without positives 0, as scikit-learn's <c>average_precision_score</c>. Several classes: the mean over each class against the rest.</remarks>
/// <param name="averaging">Macro, or weighted by the classes' samples.</param>
/// <param name="form">What the outputs are.</param>
public sealed class AveragePrecision(Averaging averaging = Averaging.Macro, OutputForm form = OutputForm.Logits) : RankMetric(form)
{
    private readonly Averaging _averaging = averaging is Averaging.Macro or Averaging.Weighted
        ? averaging
        : throw new ArgumentOutOfRangeException(nameof(averaging), averaging, $"AveragePrecision: expected Macro or Weighted, got {averaging}.");

    /// <inheritdoc/>
    public override string Name => "averagePrecision";

    /// <summary>Measures scores of yes-or-no questions.</summary>
    /// <param name="labels">1 for positives, 0 for negatives.</param>
    /// <param name="scores">A finite score for each.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The mean; NaN without samples.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, ReadOnlySpan<double> weights = default) => RocCurve.Of(labels, scores, weights).AveragePrecision;

    /// <summary>Measures each class against the rest.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="scores">Row by row, a score for each class.</param>
    /// <param name="classes">Scores in a row.</param>
    /// <param name="averaging">Macro, or weighted by the classes' samples.</param>
    /// <returns>The mean.</returns>
    public static double OneAgainstRest(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, int classes, Averaging averaging = Averaging.Macro)
    {
        double sum = 0, weights = 0;
        for (int c = 0; c < classes; c++)
        {
            int[] answers = RankMetric.Against(labels, c);
            double weight = averaging == Averaging.Weighted ? answers.Sum() : 1;
            sum += weight * Of(answers, RankMetric.Column(scores, classes, c));
            weights += weight;
        }

        return sum / weights;
    }

    private protected override double ValueOf(int[] labels, double[] scores, int classes) => classes == 1
        ? Of(labels, scores)
        : OneAgainstRest(labels, scores, classes, _averaging);
}
