namespace Pondus.Metrics;

/// <summary>A metric of the order in which a network ranks all samples: it keeps every output until it is reset.</summary>
/// <remarks>Memory: eight bytes for each output of an epoch. See <see cref="ProbabilityMetric"/> for what is compared.</remarks>
public abstract class RankMetric : ProbabilityMetric
{
    private protected RankMetric(OutputForm form)
        : base(form, sumCount: 1)
    {
    }

    /// <inheritdoc/>
    public sealed override double Value
    {
        get
        {
            // The first sum is the number of scores of a sample; then come a label and its scores, again and again.
            int classes = (int)Sums[0], samples = classes < 1 ? 0 : (Sums.Length - 1) / (classes + 1);
            if (samples == 0)
            {
                return double.NaN;
            }

            int[] labels = new int[samples];
            double[] scores = new double[samples * classes];
            for (int i = 0; i < samples; i++)
            {
                Span<double> row = Sums.Slice(1 + (i * (classes + 1)), classes + 1);
                labels[i] = (int)row[0];
                row[1..].CopyTo(scores.AsSpan(i * classes));
            }

            return ValueOf(labels, scores, classes);
        }
    }

    /// <inheritdoc/>
    protected sealed override int AppendedCount => 1;

    /// <inheritdoc/>
    private protected sealed override bool OnlyRanks => true;

    /// <summary>Takes the scores of one class from all rows.</summary>
    internal static double[] Column(ReadOnlySpan<double> scores, int classes, int column)
    {
        double[] values = new double[scores.Length / classes];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scores[(i * classes) + column];
        }

        return values;
    }

    /// <summary>Says of each label whether it is this class.</summary>
    internal static int[] Against(ReadOnlySpan<int> labels, int positive)
    {
        int[] answers = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            answers[i] = labels[i] == positive ? 1 : 0;
        }

        return answers;
    }

    /// <summary>Computes the value from all samples.</summary>
    private protected abstract double ValueOf(int[] labels, double[] scores, int classes);

    private protected sealed override void AddSample(int label, ReadOnlySpan<double> probabilities, double weight)
    {
        if (Sums[0] == 0)
        {
            Sums[0] = probabilities.Length;
        }
        else if (Sums[0] != probabilities.Length)
        {
            throw new ShapeException($"{GetType().Name}: expected {Sums[0]} scores a sample as before, got {probabilities.Length}.");
        }

        Span<double> row = Append(probabilities.Length + 1);
        row[0] = label;
        probabilities.CopyTo(row[1..]);
    }
}
