namespace Pondus.Metrics;

/// <summary>A metric of the probabilities that a network gives its answers.</summary>
/// <remarks>
/// <para>Outputs (..., C) with a class for each row; C of 1 or 2 is a yes-or-no question. With target values instead of classes each output is one, and a target above 0.5 is a yes. Label -100 is not counted.</para>
/// <para>In double; outputs that are NaN or infinite are refused, except a logarithm of -infinity.</para>
/// </remarks>
public abstract class ProbabilityMetric : Metric
{
    private const int IgnoredLabel = -100;

    private readonly OutputForm _form;
    private double[] _row = new double[2];

    private protected ProbabilityMetric(OutputForm form, int sumCount)
        : base(sumCount) => _form = form;

    /// <summary>Gets a value indicating whether yes-or-no questions need only the order of the answers, so that logits stay what they are.</summary>
    private protected virtual bool OnlyRanks => false;

    /// <inheritdoc/>
    public sealed override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> values = prediction.Values;
        if (labels.IsEmpty && targets.IsAlive)
        {
            ReadOnlySpan<float> wanted = targets.Values;
            if (wanted.Length != values.Length)
            {
                throw new ShapeException($"{GetType().Name}: expected prediction and target of one size, got {prediction.Shape} and {targets.Shape}.");
            }

            for (int i = 0; i < wanted.Length; i++)
            {
                AddOutputs(wanted[i] > 0.5f ? 1 : 0, values.Slice(i, 1), i);
            }

            return;
        }

        int classes = prediction.Shape.Last;
        if (labels.Length * classes != values.Length)
        {
            throw new ShapeException($"{GetType().Name}: expected one label for each row of {prediction.Shape}, got {labels.Length}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != IgnoredLabel)
            {
                if ((uint)labels[i] >= (uint)Math.Max(2, classes))
                {
                    throw new ShapeException($"{GetType().Name}: expected labels in [0, {Math.Max(2, classes)}), got {labels[i]} at row {i}. Count the classes of the data.");
                }

                AddOutputs(labels[i], values.Slice(i * classes, classes), i);
            }
        }
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="label">Its class.</param>
    /// <param name="probabilities">The probability of each class; of two, that of class 1 alone.</param>
    /// <param name="weight">What the sample counts.</param>
    private protected abstract void AddSample(int label, ReadOnlySpan<double> probabilities, double weight);

    /// <summary>Measures given probabilities in double.</summary>
    private protected double Measure(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities, int classes, ReadOnlySpan<double> weights)
    {
        if (classes < 1 || (long)labels.Length * classes != probabilities.Length || (weights.Length > 0 && weights.Length != labels.Length))
        {
            throw new ShapeException($"{GetType().Name}: expected {classes} probabilities and a weight for each of {labels.Length} labels, got {probabilities.Length} and {weights.Length}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)Math.Max(2, classes))
            {
                throw new ShapeException($"{GetType().Name}: expected labels in [0, {Math.Max(2, classes)}), got {labels[i]} at row {i}.");
            }

            ReadOnlySpan<double> row = probabilities.Slice(i * classes, classes);
            foreach (double value in row)
            {
                if (!double.IsFinite(value))
                {
                    throw new ArgumentException($"{GetType().Name}: expected finite numbers, got {value} at row {i}.", nameof(probabilities));
                }
            }

            AddSample(labels[i], classes == 2 ? row[1..] : row, weights.IsEmpty ? 1 : weights[i]);
        }

        return Value;
    }

    private void AddOutputs(int label, ReadOnlySpan<float> outputs, int at)
    {
        int classes = outputs.Length;
        if (_row.Length < classes)
        {
            _row = new double[classes];
        }

        double largest = double.NegativeInfinity;
        for (int j = 0; j < classes; j++)
        {
            if (!float.IsFinite(outputs[j]) && !(_form == OutputForm.LogProbabilities && float.IsNegativeInfinity(outputs[j])))
            {
                throw new ArgumentException($"{GetType().Name}: expected finite outputs, got {outputs[j]} at row {at}.", nameof(outputs));
            }

            _row[j] = outputs[j];
            largest = Math.Max(largest, _row[j]);
        }

        Span<double> row = _row.AsSpan(0, classes);
        if (_form == OutputForm.Logits && classes <= 2)
        {
            double margin = classes == 1 ? row[0] : row[1] - row[0];
            row[^1] = OnlyRanks ? margin : 1 / (1 + Math.Exp(-margin));
        }
        else if (_form != OutputForm.Probabilities)
        {
            double sum = 0;
            for (int j = 0; j < classes; j++)
            {
                row[j] = Math.Exp(_form == OutputForm.Logits ? row[j] - largest : row[j]);
                sum += row[j];
            }

            for (int j = 0; j < classes && _form == OutputForm.Logits; j++)
            {
                row[j] /= sum;
            }
        }

        AddSample(label, classes == 2 ? row[1..] : row, 1);
    }
}
