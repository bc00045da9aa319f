using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Makes tensors that are another one in another type, converted a part at a time as they are read.</summary>
internal static class CastEntry
{
    /// <summary>Says whether a tensor can be cast: blocks must be filled within each row.</summary>
    public static bool CanCast(WeightEntry source, string dataType)
    {
        if (!WeightEncoding.CanEncode(dataType) || WeightTypes.Layout(dataType) is not { } layout || !WeightValues.AreReal(source))
        {
            return false;
        }

        return layout.Elements == 1 || (source.Shape.Length > 0 && source.Shape[^1] % layout.Elements == 0);
    }

    /// <summary>Casts a tensor.</summary>
    public static WeightEntry Of(WeightEntry source, string name, string dataType)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        if (!WeightTypes.TryCountBytes(layout, source.Shape, out long bytes))
        {
            throw new NotSupportedException($"Tensor '{source.Name}': expected whole blocks of {layout.Elements} elements for {dataType}, got ({string.Join(", ", source.Shape.ToArray())}).");
        }

        int partBytes = WeightValues.PartElements / layout.Elements * layout.Bytes;
        return new WeightEntry(name, dataType, source.Shape, bytes, (offset, destination) =>
        {
            byte[] part = new byte[Math.Min(partBytes, bytes)];
            double[] values = new double[Math.Min(WeightValues.PartElements, source.Count)];
            while (!destination.IsEmpty)
            {
                long index = offset / partBytes, start = index * partBytes, first = index * WeightValues.PartElements;
                int count = (int)Math.Min(values.Length, source.Count - first), size = (int)Math.Min(part.Length, bytes - start);
                WeightValues.Read(source, first, values.AsSpan(0, count));
                WeightEncoding.Encode(dataType, values.AsSpan(0, count), part.AsSpan(0, size));
                int skip = (int)(offset - start), length = Math.Min(destination.Length, size - skip);
                part.AsSpan(skip, length).CopyTo(destination);
                destination = destination[length..];
                offset += length;
            }
        });
    }

    /// <summary>Gives a tensor another name.</summary>
    public static WeightEntry Rename(WeightEntry source, string name) =>
        source.Name == name ? source : new WeightEntry(name, source.DataType, source.Shape, source.ByteCount, source.Read);
}
