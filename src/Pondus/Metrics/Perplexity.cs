namespace Pondus.Metrics;

/// <summary>How many equally likely choices a model of sequences wavers between: e to the mean negative logarithm of the probability of the truth.</summary>
/// <remarks>Range: at least 1, the number of classes when nothing is learned. Labels of -100 are not counted. Unlike <see cref="LogLoss"/> nothing is cut: it is computed from the logits. Source: Jelinek et al. 1977.</remarks>
public sealed class Perplexity() : Metric(sumCount: 2)
{
    private const int IgnoredLabel = -100;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Math.Exp(Sums[0] / Sums[1]);

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> values = prediction.Values;
        int classes = prediction.Shape.Last;
        if (labels.Length * classes != values.Length)
        {
            throw new ShapeException($"Perplexity: expected one label for each row of {prediction.Shape}, got {labels.Length}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == IgnoredLabel)
            {
                continue;
            }

            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ShapeException($"Perplexity: expected labels in [0, {classes}), got {labels[i]} at row {i}. Count the classes of the data.");
            }

            ReadOnlySpan<float> row = values.Slice(i * classes, classes);
            double largest = double.NegativeInfinity, sum = 0;
            foreach (float value in row)
            {
                largest = Math.Max(largest, value);
            }

            foreach (float value in row)
            {
                sum += Math.Exp(value - largest);
            }

            Sums[0] += largest + Math.Log(sum) - row[labels[i]];
            Sums[1]++;
        }
    }
}
