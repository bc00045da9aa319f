namespace Pondus.Layers;

/// <summary>What the poolings share: each channel's values of a window become one.</summary>
/// <remarks>A sample without a batch axis gives one without it.</remarks>
public abstract class Pooling : Layer
{
    private readonly bool _image;
    private readonly bool _average;
    private readonly bool _countPadding;
    private readonly PoolWindows _rows;
    private readonly PoolWindows _columns;
    private PoolPlan? _last;

    private protected Pooling(bool image, bool average, PoolWindows rows, PoolWindows columns, bool countPadding = false)
    {
        _image = image;
        _average = average;
        _rows = image ? rows : PoolWindows.Single;
        _columns = columns;
        _countPadding = countPadding;
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes of <paramref name="x"/> do not fit, or a window does not fit into it.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        bool alone = shape.Rank == (_image ? 3 : 2);
        Tensor y = PoolOperation.Apply(alone ? x.Reshape(BatchAxis.Add(shape)) : x, Plan(shape, withBatch: !alone), _average, _countPadding);
        return alone ? y.Reshape(BatchAxis.Remove(y.Shape)) : y;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        PoolPlan plan = Plan(input, withBatch: false);
        return _image ? [input[0], plan.NewHeight, plan.NewWidth] : [input[0], plan.NewWidth];
    }

    // The windows are worked out once for each size of input, which seldom changes.
    private PoolPlan Plan(in Shape shape, bool withBatch)
    {
        if (shape.Rank != (withBatch ? 2 : 1) + (_image ? 2 : 1) || (!withBatch && shape[0] == 0))
        {
            throw new ShapeException($"{this}: expected input of shape ({(withBatch ? "batch, " : string.Empty)}channels, {(_image ? "height, width" : "length")}), got {shape}.");
        }

        int height = _image ? shape[^2] : 1, width = shape[^1];
        PoolPlan? last = Volatile.Read(ref _last);
        if (last is null || last.Height != height || last.Width != width)
        {
            last = new PoolPlan(_rows, _columns, height, width);
            if (last.NewHeight < 1 || last.NewWidth < 1)
            {
                throw new ShapeException($"{this}: expected an input that the window fits into, got {shape}. Use a smaller window or more padding.");
            }

            Volatile.Write(ref _last, last);
        }

        return last;
    }
}
