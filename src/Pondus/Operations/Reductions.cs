using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Adds all values.</summary>
    /// <remarks>Shape: any to (). Gradient: dy to every value.</remarks>
    /// <returns>A single number.</returns>
    public Tensor Sum() => Reshape([Count]).Sum(0);

    /// <summary>Averages all values.</summary>
    /// <remarks>Shape: any to (). Gradient: dy / count to every value. No values: NaN.</remarks>
    /// <returns>A single number.</returns>
    public Tensor Mean() => Reshape([Count]).Mean(0);

    /// <summary>Adds along an axis.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="keepAxis">Whether the axis stays, with size 1.</param>
    /// <returns>The sums.</returns>
    public Tensor Sum(int axis, bool keepAxis = false) => ReduceOperation.Sum(this, axis, keepAxis, mean: false);

    /// <summary>Averages along an axis.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="keepAxis">Whether the axis stays, with size 1.</param>
    /// <returns>The means.</returns>
    public Tensor Mean(int axis, bool keepAxis = false) => ReduceOperation.Sum(this, axis, keepAxis, mean: true);

    /// <summary>Takes the largest along an axis; the gradient goes to the first of equal ones.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="keepAxis">Whether the axis stays, with size 1.</param>
    /// <returns>The maxima.</returns>
    /// <exception cref="ShapeException">The axis has size 0.</exception>
    public Tensor Max(int axis, bool keepAxis = false) => ExtremeOperation.Apply(this, axis, keepAxis, largest: true);

    /// <summary>Takes the smallest along an axis; the gradient goes to the first of equal ones.</summary>
    /// <param name="axis">The axis, negative from the back.</param>
    /// <param name="keepAxis">Whether the axis stays, with size 1.</param>
    /// <returns>The minima.</returns>
    /// <exception cref="ShapeException">The axis has size 0.</exception>
    public Tensor Min(int axis, bool keepAxis = false) => ExtremeOperation.Apply(this, axis, keepAxis, largest: false);

    /// <summary>Finds the index of the largest value along the last axis, the first of equal ones.</summary>
    /// <returns>One index for each row.</returns>
    public int[] ArgMax() => ExtremeOperation.ArgMax(this);
}
