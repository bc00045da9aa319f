using Pondus.Kernels;

namespace Pondus;

/// <summary>The windows of a pooling over images of one size; a signal is an image of height 1.</summary>
/// <param name="rows">Windows along the height.</param>
/// <param name="columns">Windows along the width.</param>
/// <param name="height">Height of the input.</param>
/// <param name="width">Width of the input.</param>
internal sealed class PoolPlan(PoolWindows rows, PoolWindows columns, int height, int width)
{
    public PoolGeometry Geometry { get; } = new(rows.Over(height), columns.Over(width));

    public int Height { get; } = height;

    public int Width { get; } = width;

    public int NewHeight => Geometry.Y.Output;

    public int NewWidth => Geometry.X.Output;
}
