namespace Pondus.Formats.PyTorch;

/// <summary>Which elements of a storage a tensor consists of, checked: all lie within it.</summary>
internal sealed class TensorWindow
{
    private TensorWindow(string dataType, int elementBytes, long start, long last, long[] shape, long[] strides, long count)
    {
        DataType = dataType;
        ElementBytes = elementBytes;
        Start = start;
        Last = last;
        Shape = shape;
        Strides = strides;
        Count = count;
        IsContiguous = RowMajor(shape, strides);
    }

    public string DataType { get; }

    public int ElementBytes { get; }

    /// <summary>Gets the bytes of a number: half of an element of a complex type.</summary>
    public int PartBytes => IsComplex ? ElementBytes / 2 : ElementBytes;

    public long Start { get; }

    /// <summary>Gets the place of the last element in the storage.</summary>
    public long Last { get; }

    public long[] Shape { get; }

    public long[] Strides { get; }

    public long Count { get; }

    public bool IsContiguous { get; }

    public bool IsConjugate { get; init; }

    public bool IsNegative { get; init; }

    private bool IsComplex => DataType.StartsWith("complex", StringComparison.Ordinal);

    /// <summary>Checks sizes and strides; null with the reason when an element would lie outside of the storage.</summary>
    public static TensorWindow? Create(TorchTensor tensor, string dataType, int elementBytes, long storageElements, out string? problem)
    {
        problem = null;
        if (!WeightTypes.TryCount(tensor.Shape, out long count) || count > long.MaxValue / 8 / elementBytes || Array.Exists(tensor.Strides, static stride => stride < 0) || tensor.Start < 0)
        {
            problem = $"expected sizes, strides and a start from 0 up whose product is below 2^63 bits, got ({string.Join(", ", tensor.Shape)}), ({string.Join(", ", tensor.Strides)}) and {tensor.Start}.";
            return null;
        }

        Int128 last = tensor.Start;
        for (int axis = 0; axis < tensor.Shape.Length; axis++)
        {
            last += (Int128)Math.Max(0, tensor.Shape[axis] - 1) * tensor.Strides[axis];
        }

        if (count > 0 && last >= storageElements)
        {
            problem = $"expected elements within a storage of {storageElements}, got a last one at {last}.";
            return null;
        }

        return new TensorWindow(dataType, elementBytes, tensor.Start, count > 0 ? (long)last : 0, tensor.Shape, tensor.Strides, count)
        {
            IsConjugate = tensor.IsConjugate && dataType.StartsWith("complex", StringComparison.Ordinal),
            IsNegative = tensor.IsNegative,
        };
    }

    private static bool RowMajor(long[] shape, long[] strides)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
            {
                return Array.Exists(shape, static size => size == 0);
            }

            expected *= shape[axis];
        }

        return true;
    }
}
