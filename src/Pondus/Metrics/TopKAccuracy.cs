using System.Globalization;

namespace Pondus.Metrics;

/// <summary>Share of samples whose class is among the k largest outputs.</summary>
/// <remarks>
/// <para>Range: [0, 1]. As scikit-learn's <c>top_k_accuracy_score</c>: among equal outputs the higher class number counts as the larger. <see cref="Accuracy"/> differs there: it takes the first.</para>
/// <para>For yes or no, an output of at least 0.5 (a logit of at least 0) is a yes, and with k of 2 every answer is right.</para>
/// </remarks>
/// <param name="k">How many outputs, at least 1.</param>
/// <param name="form">What the outputs are.</param>
public sealed class TopKAccuracy(int k = 5, OutputForm form = OutputForm.Logits) : ProbabilityMetric(form, sumCount: 2)
{
    /// <summary>Gets how many outputs count.</summary>
    public int K { get; } = k >= 1 ? k : throw new ArgumentOutOfRangeException(nameof(k), k, $"TopKAccuracy: expected k of at least 1, got {k}.");

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"top{K}Accuracy");

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <summary>Measures scores.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="scores">Row by row, the score of each class.</param>
    /// <param name="classes">Scores in a row.</param>
    /// <param name="k">How many scores count.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The share; NaN without samples.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> scores, int classes, int k, ReadOnlySpan<double> weights = default) =>
        new TopKAccuracy(k, OutputForm.Probabilities).Measure(labels, scores, classes, weights);

    private protected override void AddSample(int label, ReadOnlySpan<double> probabilities, double weight)
    {
        int before = 0;
        if (probabilities.Length == 1)
        {
            before = probabilities[0] >= 0.5 == (label == 1) ? 0 : 1;
        }
        else
        {
            for (int i = 0; i < probabilities.Length; i++)
            {
                before += probabilities[i] > probabilities[label] || (probabilities[i] == probabilities[label] && i > label) ? 1 : 0;
            }
        }

        Sums[0] += before < K ? weight : 0;
        Sums[1] += weight;
    }
}
