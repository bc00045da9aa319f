namespace Pondus.Metrics;

/// <summary>How well scores rank the labels of each sample, where a sample may have any number of them.</summary>
/// <remarks>As scikit-learn: among equal scores the worse order counts. Without samples every value is NaN.</remarks>
public static class LabelRanking
{
    /// <summary>Computes the mean share of true labels among those ranked at or above each true label.</summary>
    /// <param name="truth">Row by row, 1 for each label that a sample has, else 0.</param>
    /// <param name="scores">A score for each.</param>
    /// <param name="labels">Labels in a row.</param>
    /// <returns>The mean, in (0, 1]; a sample with no label or all of them counts as 1.</returns>
    public static double AveragePrecision(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, int labels) => MeanOverRows(truth, scores, labels, static (t, s) =>
    {
        int count = t.Count(1);
        double sum = 0;
        for (int i = 0; i < t.Length; i++)
        {
            if (t[i] == 1)
            {
                (int all, int right) = AtOrAbove(t, s, s[i]);
                sum += (double)right / all;
            }
        }

        return count == 0 || count == t.Length ? 1 : sum / count;
    });

    /// <summary>Computes how far down the ranking one must go to meet all true labels, on average.</summary>
    /// <param name="truth">Row by row, 1 for each label that a sample has, else 0.</param>
    /// <param name="scores">A score for each.</param>
    /// <param name="labels">Labels in a row.</param>
    /// <returns>The mean number of labels.</returns>
    public static double CoverageError(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, int labels) => MeanOverRows(truth, scores, labels, static (t, s) =>
    {
        int deepest = 0;
        for (int i = 0; i < t.Length; i++)
        {
            deepest = t[i] == 1 ? Math.Max(deepest, AtOrAbove(t, s, s[i]).All) : deepest;
        }

        return deepest;
    });

    /// <summary>Computes the share of pairs of a true and a false label that are in the wrong order.</summary>
    /// <param name="truth">Row by row, 1 for each label that a sample has, else 0.</param>
    /// <param name="scores">A score for each.</param>
    /// <param name="labels">Labels in a row.</param>
    /// <returns>The mean, in [0, 1]; a sample with no label or all of them counts as 0.</returns>
    public static double RankingLoss(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, int labels) => MeanOverRows(truth, scores, labels, static (t, s) =>
    {
        int count = t.Count(1), wrong = 0;
        for (int i = 0; i < t.Length; i++)
        {
            if (t[i] == 1)
            {
                (int all, int right) = AtOrAbove(t, s, s[i]);
                wrong += all - right;
            }
        }

        return count == 0 || count == t.Length ? 0 : (double)wrong / (count * (t.Length - count));
    });

    private static (int All, int Right) AtOrAbove(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, double score)
    {
        int all = 0, right = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= score)
            {
                all++;
                right += truth[i];
            }
        }

        return (all, right);
    }

    private static double MeanOverRows(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores, int labels, RowMeasure measure)
    {
        if (labels < 1 || truth.Length != scores.Length || truth.Length % labels != 0)
        {
            throw new ShapeException($"LabelRanking: expected rows of {labels} labels and scores, got {truth.Length} and {scores.Length} values.");
        }

        double sum = 0;
        for (int row = 0; row < truth.Length; row += labels)
        {
            ReadOnlySpan<double> values = scores.Slice(row, labels);
            foreach (double value in values)
            {
                if (!double.IsFinite(value))
                {
                    throw new ArgumentException($"LabelRanking: expected finite scores, got {value} in row {row / labels}.", nameof(scores));
                }
            }

            sum += measure(truth.Slice(row, labels), values);
        }

        return sum / (truth.Length / labels);
    }

    private delegate double RowMeasure(ReadOnlySpan<int> truth, ReadOnlySpan<double> scores);
}
