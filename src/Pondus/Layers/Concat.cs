using System.Buffers;

namespace Pondus.Layers;

/// <summary>Gives its input to several layers and joins their outputs along an axis.</summary>
/// <remarks>
/// <para>Shape: the outputs have one shape but for the axis, along which sizes add up. Names of parameters start with the branch's place: <c>0.weight</c>.</para>
/// <para>Source: Szegedy et al. 2014, arXiv:1409.4842.</para>
/// </remarks>
public sealed class Concat : Layer
{
    private readonly Layer[] _branches;

    /// <summary>Makes the layer.</summary>
    /// <param name="axis">The axis along which outputs are joined, at least 1: the batch is axis 0, the channels are 1.</param>
    /// <param name="branches">The layers, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axis"/> is below 1, or there are no branches.</exception>
    public Concat(int axis, params ReadOnlySpan<Layer> branches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(axis, 1);
        if (branches.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(branches), "Concat: expected at least one branch, got none.");
        }

        Axis = axis;
        _branches = branches.ToArray();
        for (int i = 0; i < _branches.Length; i++)
        {
            AddModule($"{i}", _branches[i]);
        }
    }

    /// <summary>Gets the axis along which outputs are joined.</summary>
    public int Axis { get; }

    /// <summary>Gets the layers.</summary>
    public IReadOnlyList<Layer> Branches => _branches;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The outputs differ along another axis.</exception>
    public override Tensor Forward(Tensor x)
    {
        Tensor[] parts = ArrayPool<Tensor>.Shared.Rent(_branches.Length);
        for (int i = 0; i < _branches.Length; i++)
        {
            parts[i] = _branches[i].Forward(x);
        }

        Tensor y = Tensor.Concatenate(Axis, parts.AsSpan(0, _branches.Length));
        ArrayPool<Tensor>.Shared.Return(parts, clearArray: true);
        return y;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape shape = _branches[0].OutputShape(input);
        int axis = Axis - 1, size = shape.Rank > axis ? shape[axis] : throw new ShapeException($"{this}: expected outputs with an axis {Axis}, got {shape} without the batch.");
        for (int i = 1; i < _branches.Length; i++)
        {
            Shape other = _branches[i].OutputShape(input);
            if (other.Rank != shape.Rank || other.With(axis, 0) != shape.With(axis, 0))
            {
                throw new ShapeException($"{this}: expected outputs equal but for axis {Axis}, got {shape} and {other} without the batch.");
            }

            size += other[axis];
        }

        return shape.With(axis, size);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Concat({Axis}, {string.Join(", ", _branches.Select(static b => b.ToString()))})";
}
