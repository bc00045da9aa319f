namespace Pondus.Metrics;

/// <summary>Mean negative logarithm of the probability of the truth.</summary>
/// <remarks>Unit: nats. Probabilities are cut at 2^-52 from 0 and 1, as scikit-learn's <c>log_loss</c> does in double. See <see cref="ProbabilityMetric"/> for what is compared.</remarks>
/// <param name="form">What the outputs are.</param>
public sealed class LogLoss(OutputForm form = OutputForm.Logits) : ProbabilityMetric(form, sumCount: 2)
{
    private const double Smallest = 2.220446049250313e-16;

    /// <inheritdoc/>
    public override string Name => "logLoss";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <summary>Measures probabilities.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="probabilities">Row by row, the probability of each class, or of class 1 alone.</param>
    /// <param name="classes">Probabilities in a row.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The mean; NaN without samples.</returns>
    public static double Of(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities, int classes = 1, ReadOnlySpan<double> weights = default) =>
        new LogLoss(OutputForm.Probabilities).Measure(labels, probabilities, classes, weights);

    private protected override void AddSample(int label, ReadOnlySpan<double> probabilities, double weight)
    {
        double p = probabilities.Length > 1 ? probabilities[label] : label == 1 ? probabilities[0] : 1 - probabilities[0];
        Sums[0] -= weight * Math.Log(Math.Clamp(p, Smallest, 1 - Smallest));
        Sums[1] += weight;
    }
}
