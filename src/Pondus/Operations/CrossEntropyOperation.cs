using Pondus.Kernels;

namespace Pondus;

/// <summary>Softmax and cross-entropy against class numbers in one node: the gradient is the difference of two distributions.</summary>
internal sealed unsafe class CrossEntropyOperation : Operation
{
    private static readonly CrossEntropyOperation s_instance = new();

    public static Tensor Apply(Tensor logits, ReadOnlySpan<int> labels, float[]? classWeights, float smoothing, string who)
    {
        Node x = logits.Use();
        if (x.Shape.Rank < 1 || x.Shape.Product(0, x.Shape.Rank - 1) != labels.Length)
        {
            throw new ShapeException($"{who}: expected one label for each row of the logits, got logits {x.Shape} and {labels.Length} labels.");
        }

        int rows = labels.Length, classes = x.Shape.Last;
        if (classWeights is not null && classWeights.Length != classes)
        {
            throw new ShapeException($"{who}: expected {classes} class weights for logits {x.Shape}, got {classWeights.Length}.");
        }

        Node y = Tape.Result([], s_instance, x);
        int* kept = (int*)Tape.Scratch(rows, out float[] labelHome);
        labels.CopyTo(new Span<int>(kept, rows));
        nint invalid = CrossEntropyKernel.FindInvalidLabel(kept, rows, classes);
        if (invalid >= 0)
        {
            throw new ShapeException($"{who}: expected labels in [0, {classes}), got {labels[(int)invalid]} at row {invalid}. Count the classes of the data.");
        }

        float* probabilities = Tape.Scratch(rows * classes, out float[] home);
        fixed (float* weights = classWeights)
        {
            double total = CrossEntropyKernel.Forward(x.Data, kept, rows, classes, weights, smoothing, probabilities, out double weightSum);
            y.Data[0] = (float)(total / weightSum);
            y.State.D0 = weightSum;
        }

        y.State.Integers = kept;
        y.State.Saved = probabilities;
        y.State.I0 = rows;
        y.State.F0 = smoothing;
        y.State.Object = classWeights;
        GC.KeepAlive(labelHome);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        float* d = tape.GradientOf(x, out bool add);
        fixed (float* weights = (float[]?)y.State.Object)
        {
            CrossEntropyKernel.Backward(y.State.Saved, y.State.Integers, y.State.I0, x.Shape.Last, weights, y.State.F0, (float)(y.Gradient[0] / y.State.D0), d, add);
        }

        GC.KeepAlive(x);
    }
}
