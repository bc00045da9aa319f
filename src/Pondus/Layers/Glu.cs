namespace Pondus.Layers;

/// <summary>Gated linear unit: one half of the values, each times the sigmoid of its partner in the other half.</summary>
/// <remarks>
/// <para>Formula: y = a sigmoid(b), where x along the axis is a, then b. Shape: any with an even size along the axis, which is halved.</para>
/// <para>Source: Dauphin et al. 2016, arXiv:1612.08083.</para>
/// </remarks>
/// <param name="axis">The axis that is halved, negative from the back; the batch is axis 0.</param>
public sealed class Glu(int axis = -1) : Layer
{
    /// <summary>Gets the axis that is halved.</summary>
    public int Axis { get; } = axis;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There is no such axis, or its size is odd.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        int place = Place(shape, shape.Rank), half = shape[place] / 2;
        return x.Slice(place, 0, half) * x.Slice(place, half, half).Sigmoid();
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        int place = Place(input, input.Rank + 1);
        return input.With(place, input[place] / 2);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Glu({Axis})";

    // The axis in a shape, which lacks the batch where it is one axis shorter than the rank.
    private int Place(in Shape shape, int rank)
    {
        int place = (Axis < 0 ? Axis + rank : Axis) - (rank - shape.Rank);
        return place >= 0 && place < shape.Rank && shape[place] % 2 == 0
            ? place
            : throw new ShapeException($"{this}: expected an even size along axis {Axis}, got {shape}.");
    }
}
