using Pondus.Losses;

namespace Pondus.Tests.Support;

/// <summary>One loss of the library and what it is given.</summary>
/// <param name="Name">Unique among the cases.</param>
/// <param name="Compute">The loss of predictions of a shape; the shape of what it is compared with may differ, to be refused.</param>
/// <param name="Shape">Sizes of the prediction, the batch first.</param>
/// <param name="WrongMessage">What it says when the targets have one row less.</param>
/// <param name="EmptyMessage">What it says without samples; null where the mean is NaN.</param>
internal sealed record LossCase(string Name, Func<Tensor[], Shape, Tensor> Compute, int[] Shape, string WrongMessage, string? EmptyMessage = null)
{
    /// <summary>How many tensors of the prediction's shape it takes.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>A loss of a prediction and class numbers.</summary>
    public static LossCase OfClasses(string name, Func<Loss> make, string message) => new(
        name, (x, shape) => make().Forward(x[0], Labels(shape[0], x[0].Shape[^1])), [6, 4], message);

    /// <summary>A loss of a prediction and values in some range, or of signs.</summary>
    public static LossCase OfValues(string name, Func<Loss> make, string message, bool signs = false, params int[] shape) => new(
        name, (x, s) => make().Forward(x[0], Values(s, signs)), shape.Length > 0 ? shape : [6, 4], message);

    /// <summary>Class numbers that do not depend on where they are used.</summary>
    public static int[] Labels(int count, int classes) => [.. Enumerable.Range(0, count).Select(i => ((7 * i) + 2) % classes)];

    /// <summary>Values in [0, 1), or signs.</summary>
    public static Tensor Values(Shape shape, bool signs)
    {
        Tensor x = Tensor.Uniform(shape, 0.05f, 0.95f, new RandomSource(8));
        return signs ? Tensor.Of([.. x.ToArray().Select(static v => v > 0.5f ? 1f : -1f)], shape) : x;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
