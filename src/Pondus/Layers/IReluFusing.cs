namespace Pondus.Layers;

/// <summary>A layer that computes itself and a ReLU behind it in one pass over memory.</summary>
internal interface IReluFusing
{
    /// <summary>Computes the output.</summary>
    /// <param name="x">The input.</param>
    /// <param name="relu">Whether the output is rectified.</param>
    Tensor Forward(Tensor x, bool relu);
}
