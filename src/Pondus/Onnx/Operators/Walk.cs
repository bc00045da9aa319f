namespace Pondus.Onnx.Operators;

/// <summary>Goes through the places of a shape, row-major.</summary>
internal sealed class Walk(int[] shape)
{
    /// <summary>The place, an index an axis.</summary>
    public int[] Place { get; } = new int[shape.Length];

    public void Next()
    {
        for (int axis = shape.Length - 1; axis >= 0 && ++Place[axis] == shape[axis]; axis--)
        {
            Place[axis] = 0;
        }
    }
}
