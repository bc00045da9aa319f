namespace Pondus.Metrics;

/// <summary>A metric that follows from the confusion matrix of all samples.</summary>
/// <remarks>The prediction is the largest output, the first of equal ones; -100 is not counted. With target values instead of classes, an output above 0 (a logit) answers yes and a target above 0.5 is one: two classes.</remarks>
public abstract class ConfusionMetric() : Metric(sumCount: 0)
{
    private const int IgnoredLabel = -100;

    /// <summary>Gets the matrix so far.</summary>
    public ConfusionMatrix Matrix => new(Sums);

    /// <inheritdoc/>
    public sealed override double Value => Sums.IsEmpty ? double.NaN : ValueOf(Matrix);

    /// <inheritdoc/>
    protected sealed override int AppendedCount => 1;

    /// <inheritdoc/>
    public sealed override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> values = prediction.Values;
        if (labels.IsEmpty && targets.IsAlive)
        {
            AddValues(values, targets, prediction);
            return;
        }

        int classes = prediction.Shape.Last;
        if (classes < 2 || labels.Length * classes != values.Length)
        {
            throw new ShapeException($"{GetType().Name}: expected outputs of at least two classes for each of {labels.Length} labels, got {prediction.Shape}.");
        }

        Prepare(classes);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == IgnoredLabel)
            {
                continue;
            }

            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ShapeException($"{GetType().Name}: expected labels in [0, {classes}), got {labels[i]} at row {i}. Count the classes of the data.");
            }

            ReadOnlySpan<float> row = values.Slice(i * classes, classes);
            int best = 0;
            for (int j = 0; j < classes; j++)
            {
                if (!float.IsFinite(row[j]))
                {
                    throw new ArgumentException($"{GetType().Name}: expected finite outputs, got {row[j]} at row {i}.", nameof(prediction));
                }

                best = row[j] > row[best] ? j : best;
            }

            Sums[(labels[i] * classes) + best]++;
        }
    }

    /// <summary>Computes the value of a matrix with at least one class.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <returns>The value; NaN without samples.</returns>
    protected abstract double ValueOf(ConfusionMatrix matrix);

    /// <summary>Names an average: the macro one has none.</summary>
    private protected static string NameOf(string name, Averaging averaging) => averaging == Averaging.Macro ? name : name + averaging;

    private void AddValues(ReadOnlySpan<float> values, Tensor targets, Tensor prediction)
    {
        ReadOnlySpan<float> wanted = targets.Values;
        if (wanted.Length != values.Length)
        {
            throw new ShapeException($"{GetType().Name}: expected prediction and target of one size, got {prediction.Shape} and {targets.Shape}.");
        }

        Prepare(2);
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"{GetType().Name}: expected finite outputs, got {values[i]} at value {i}.", nameof(prediction));
            }

            Sums[(wanted[i] > 0.5f ? 2 : 0) + (values[i] > 0f ? 1 : 0)]++;
        }
    }

    private void Prepare(int classes)
    {
        if (Sums.IsEmpty)
        {
            Append(classes * classes).Clear();
        }
        else if (Sums.Length != classes * classes)
        {
            throw new ShapeException($"{GetType().Name}: expected {(int)Math.Sqrt(Sums.Length)} classes as in the batches before, got {classes}.");
        }
    }
}
