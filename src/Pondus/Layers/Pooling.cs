using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>What the poolings share: each channel's values of a window become one.</summary>
/// <remarks>A sample without a batch axis gives one without it.</remarks>
public abstract class Pooling : Layer
{
    private readonly bool _image;
    private readonly bool _average;
    private readonly bool _countPadding;
    private PoolGeometry? _last;

    private protected Pooling(bool image, bool average, bool countPadding = false)
    {
        _image = image;
        _average = average;
        _countPadding = countPadding;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes of <paramref name="x"/> do not fit, or a window does not fit into it.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        bool alone = shape.Rank == (_image ? 3 : 2);
        Check(shape, withBatch: !alone);
        Tensor y = PoolOperation.Apply(alone ? x.Reshape(BatchAxis.Add(shape)) : x, Geometry(shape), _average, _countPadding);
        return alone ? y.Reshape(BatchAxis.Remove(y.Shape)) : y;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, withBatch: false);
        PoolGeometry geometry = Geometry(input);
        return _image ? [input[0], geometry.Y.Output, geometry.X.Output] : [input[0], geometry.X.Output];
    }

    /// <summary>Tells the windows along the height, for an image, or along the width.</summary>
    private protected abstract PoolAxis Axis(int size, bool vertical);

    private PoolGeometry Geometry(in Shape shape)
    {
        int height = _image ? shape[^2] : 1, width = shape[^1];
        PoolGeometry? last = Volatile.Read(ref _last);
        if (last is null || last.Y.Input != height || last.X.Input != width)
        {
            PoolAxis y = _image ? Axis(height, vertical: true) : new PoolAxis(1, 1, 1, 1, 0, 1), x = Axis(width, vertical: false);
            if (y.Output < 1 || x.Output < 1)
            {
                throw new ShapeException($"{this}: expected an input that the window fits into, got {shape}. Use a smaller window or more padding.");
            }

            last = new PoolGeometry(y, x);
            Volatile.Write(ref _last, last);
        }

        return last;
    }

    private void Check(in Shape shape, bool withBatch)
    {
        if (shape.Rank != (withBatch ? 2 : 1) + (_image ? 2 : 1) || (!withBatch && shape[0] == 0))
        {
            throw new ShapeException($"{this}: expected input of shape ({(withBatch ? "batch, " : string.Empty)}channels, {(_image ? "height, width" : "length")}), got {shape}.");
        }
    }
}
