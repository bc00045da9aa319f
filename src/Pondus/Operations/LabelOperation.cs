namespace Pondus;

/// <summary>Takes from each row the value at its label; a row that is left out gives 0.</summary>
internal sealed unsafe class LabelOperation : Operation
{
    private static readonly LabelOperation s_instance = new();

    /// <summary>Takes the values: (..., C) and a label for each row to (...).</summary>
    public static Tensor Pick(Tensor x, ReadOnlySpan<int> labels, int ignoredLabel, string who)
    {
        Node a = x.Use();
        if (a.Shape.Rank < 1 || a.Shape.Product(0, a.Shape.Rank - 1) != labels.Length)
        {
            throw new ShapeException($"{who}: expected one label for each row of the prediction, got prediction {a.Shape} and {labels.Length} labels.");
        }

        int classes = a.Shape.Last;
        Node y = Tape.Result(a.Shape.Without(a.Shape.Rank - 1), s_instance, a);
        int* kept = (int*)Tape.Scratch(labels.Length, out float[] home);
        for (int i = 0; i < labels.Length; i++)
        {
            int label = labels[i];
            if (label == ignoredLabel)
            {
                kept[i] = -1;
                y.Data[i] = 0f;
                continue;
            }

            if ((uint)label >= (uint)classes)
            {
                throw new ShapeException($"{who}: expected labels in [0, {classes}), got {label} at row {i}. Count the classes of the data.");
            }

            kept[i] = label;
            y.Data[i] = a.Data[((nint)i * classes) + label];
        }

        y.State.Integers = kept;
        GC.KeepAlive(home);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    /// <summary>Makes the weight of each row: that of its class, 0 where the row is left out.</summary>
    /// <param name="labels">A checked label for each row.</param>
    /// <param name="classWeights">A weight for each class, or null for 1.</param>
    /// <param name="ignoredLabel">The label that is left out.</param>
    /// <param name="shape">Sizes of the result, as many as there are labels.</param>
    /// <param name="sum">All weights together.</param>
    public static Tensor Weights(ReadOnlySpan<int> labels, float[]? classWeights, int ignoredLabel, in Shape shape, out double sum)
    {
        Node y = Tape.Constant(shape);
        sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            float weight = labels[i] == ignoredLabel ? 0f : classWeights?[labels[i]] ?? 1f;
            y.Data[i] = weight;
            sum += weight;
        }

        return new Tensor(y);
    }

    /// <summary>Makes a row of constants.</summary>
    public static Tensor Row(ReadOnlySpan<float> values)
    {
        Node y = Tape.Constant([values.Length]);
        values.CopyTo(y.Span);
        return new Tensor(y);
    }

    /// <summary>Makes a square matrix with a value on its diagonal and 0 elsewhere.</summary>
    public static Tensor Diagonal(int size, float value)
    {
        Node y = Tape.Constant([size, size]);
        y.Span.Clear();
        for (int i = 0; i < size; i++)
        {
            y.Data[((nint)i * size) + i] = value;
        }

        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!;
        int classes = a.Shape.Last;
        float* d = tape.GradientOf(a, out bool add);
        if (!add)
        {
            new Span<float>(d, a.Count).Clear();
        }

        for (int i = 0; i < y.Count; i++)
        {
            int label = y.State.Integers[i];
            if (label >= 0)
            {
                d[((nint)i * classes) + label] += y.Gradient[i];
            }
        }
    }
}
