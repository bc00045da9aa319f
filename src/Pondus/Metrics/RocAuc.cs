namespace Pondus.Metrics;

/// <summary>Area under the curve of true against false positives: the chance that a positive is ranked above a negative.</summary>
/// <remarks>
/// <para>Range: [0, 1], 0.5 is chance; equal scores count half. NaN where one class has no samples. Several classes: the mean over each class against the rest, or over all pairs of classes.</para>
/// <para>As scikit-learn's <c>roc_auc_score</c>. Source of the pairs: Hand and Till 2001.</para>
/// </remarks>
/// <param name="averaging">Macro, or weighted by the classes' samples.</param>
/// <param name="pairs">Whether classes are compared in pairs (one against one) instead of each with the rest.</param>
/// <param name="form">What the outputs are.</param>
public sealed class RocAuc(Averaging averaging = Averaging.Macro, bool pairs = false, OutputForm form = OutputForm.Logits) : RankMetric(form)
{
    private readonly Averaging _averaging = averaging is Averaging.Macro or Averaging.Weighted
        ? averaging
        : throw new ArgumentOutOfRangeException(nameof(averaging), averaging, $"RocAuc: expected Macro or Weighted, got {averaging}.");

    /// <inheritdoc/>
    public override string Name => "rocAuc";

    /// <summary>Measures scores of yes-or-no questions.</summary>
    /// <param name="labels">1 for positives, 0 for negatives.</param>
    /// <param name="scores">A finite score for each.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The area.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, ReadOnlySpan<double> weights = default) => RocCurve.Of(labels, scores, weights).Area;

    /// <summary>Measures each class against the rest.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="scores">Row by row, a score for each class.</param>
    /// <param name="classes">Scores in a row.</param>
    /// <param name="averaging">Macro, or weighted by the classes' samples.</param>
    /// <returns>The mean area; NaN where a class has no samples.</returns>
    public static double OneAgainstRest(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, int classes, Averaging averaging = Averaging.Macro)
    {
        double sum = 0, weights = 0;
        for (int c = 0; c < classes; c++)
        {
            int[] answers = RankMetric.Against(labels, c);
            double weight = averaging == Averaging.Weighted ? answers.Sum() : 1;
            sum += weight * RocCurve.Of(answers, RankMetric.Column(scores, classes, c)).Area;
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>Measures all pairs of classes, each by the samples of both alone.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="scores">Row by row, a score for each class.</param>
    /// <param name="classes">Scores in a row.</param>
    /// <param name="averaging">Macro, or weighted by the pairs' samples.</param>
    /// <returns>The mean area; NaN where a class has no samples.</returns>
    public static double OneAgainstOne(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, int classes, Averaging averaging = Averaging.Macro)
    {
        double sum = 0, weights = 0;
        for (int a = 0; a < classes; a++)
        {
            for (int b = a + 1; b < classes; b++)
            {
                List<int> isA = [];
                List<double> scoresA = [], scoresB = [];
                for (int i = 0; i < labels.Length; i++)
                {
                    if (labels[i] == a || labels[i] == b)
                    {
                        isA.Add(labels[i] == a ? 1 : 0);
                        scoresA.Add(scores[(i * classes) + a]);
                        scoresB.Add(scores[(i * classes) + b]);
                    }
                }

                double weight = averaging == Averaging.Weighted ? isA.Count : 1;
                double both = RocCurve.Of([.. isA], [.. scoresA]).Area + RocCurve.Of([.. isA.Select(static one => 1 - one)], [.. scoresB]).Area;
                sum += weight * both / 2;
                weights += weight;
            }
        }

        return sum / weights;
    }

    private protected override double ValueOf(int[] labels, double[] scores, int classes) => classes == 1
        ? Of(labels, scores)
        : pairs ? OneAgainstOne(labels, scores, classes, _averaging) : OneAgainstRest(labels, scores, classes, _averaging);
}
