using Pondus.Kernels;

namespace Pondus;

/// <summary>Both axes of a resizing or padding, and the constant outside.</summary>
/// <param name="rows">Along the height; for a signal one place.</param>
/// <param name="columns">Along the width.</param>
/// <param name="outside">Value of outputs that have no input.</param>
internal sealed class ResampleGeometry(ResampleAxis rows, ResampleAxis columns, float outside = 0f)
{
    public ResampleAxis Rows { get; } = rows;

    public ResampleAxis Columns { get; } = columns;

    public float Outside { get; } = outside;
}
