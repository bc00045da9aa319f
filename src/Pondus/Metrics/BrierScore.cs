namespace Pondus.Metrics;

/// <summary>Mean squared distance of the probabilities from the truth: (p - y)² for yes or no, the sum over the classes for several.</summary>
/// <remarks>Range: [0, 1] for yes or no, [0, 2] for several classes; 0 is perfect. As scikit-learn's <c>brier_score_loss</c>. Source: Brier 1950. See <see cref="ProbabilityMetric"/> for what is compared.</remarks>
/// <param name="form">What the outputs are.</param>
public sealed class BrierScore(OutputForm form = OutputForm.Logits) : ProbabilityMetric(form, sumCount: 2)
{
    /// <inheritdoc/>
    public override string Name => "brierScore";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <summary>Measures probabilities.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="probabilities">Row by row, the probability of each class, or of class 1 alone.</param>
    /// <param name="classes">Probabilities in a row.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The mean; NaN without samples.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities, int classes = 1, ReadOnlySpan<double> weights = default) =>
        new BrierScore(OutputForm.Probabilities).Measure(labels, probabilities, classes, weights);

    private protected override void AddSample(int label, ReadOnlySpan<double> probabilities, double weight)
    {
        int first = probabilities.Length > 1 ? 0 : 1;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double distance = probabilities[i] - (label == first + i ? 1 : 0);
            Sums[0] += weight * distance * distance;
        }

        Sums[1] += weight;
    }
}
