namespace Pondus.Layers;

/// <summary>What the layers that resize or pad share: the tables of places, made once for each size of input.</summary>
/// <remarks>A sample without a batch axis gives one without it.</remarks>
public abstract class Resampling : Layer
{
    private readonly bool _image;
    private readonly float _outside;
    private ResampleGeometry? _last;

    private protected Resampling(bool image, float outside = 0f)
    {
        _image = image;
        _outside = outside;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes of <paramref name="x"/> do not fit, or it is too small.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        bool alone = shape.Rank == (_image ? 3 : 2);
        Tensor y = ResampleOperation.Apply(alone ? x.Reshape(BatchAxis.Add(shape)) : x, Geometry(shape, withBatch: !alone));
        return alone ? y.Reshape(BatchAxis.Remove(y.Shape)) : y;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ResampleGeometry geometry = Geometry(input, withBatch: false);
        return _image ? [input[0], geometry.Rows.Output, geometry.Columns.Output] : [input[0], geometry.Columns.Output];
    }

    /// <summary>Makes the table of the height, for an image, or of the width; null where the input is too small.</summary>
    private protected abstract ResampleAxis? Axis(int size, bool vertical);

    private ResampleGeometry Geometry(in Shape shape, bool withBatch)
    {
        if (shape.Rank != (withBatch ? 2 : 1) + (_image ? 2 : 1))
        {
            throw new ShapeException($"{this}: expected input of shape ({(withBatch ? "batch, " : string.Empty)}channels, {(_image ? "height, width" : "length")}), got {shape}.");
        }

        int height = _image ? shape[^2] : 1, width = shape[^1];
        ResampleGeometry? last = Volatile.Read(ref _last);
        if (last is null || last.Rows.Input != height || last.Columns.Input != width)
        {
            ResampleAxis? rows = _image ? Axis(height, vertical: true) : Same(1), columns = Axis(width, vertical: false);
            if (rows is null || columns is null)
            {
                throw new ShapeException($"{this}: expected a larger input, got {shape}.");
            }

            last = new ResampleGeometry(rows, columns, _outside);
            Volatile.Write(ref _last, last);
        }

        return last;
    }

    private static ResampleAxis Same(int size)
    {
        ResampleAxis axis = new(size, size, 1);
        for (int i = 0; i < size; i++)
        {
            axis.Places[i] = i;
            axis.Weights[i] = 1f;
        }

        return axis;
    }
}
