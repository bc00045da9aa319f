using System.Buffers.Binary;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Reads the values of tensors as float64, a part at a time: exactly for all types whose values float64 holds.</summary>
internal static class WeightValues
{
    /// <summary>Elements of a part: a multiple of every block's, and small enough for the second cache.</summary>
    public const int PartElements = 1 << 15;

    /// <summary>Says whether a tensor has real values: complex numbers and unknown types have none.</summary>
    public static bool AreReal(WeightEntry entry)
    {
        if (entry.DataType.StartsWith("complex", StringComparison.Ordinal) || WeightTypes.Layout(entry.DataType) is not { } layout)
        {
            return false;
        }

        double[] value = new double[layout.Elements];
        return Decode(entry.DataType, new byte[layout.Bytes], value);
    }

    /// <summary>Reads a part of the values.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="first">The first element, at the beginning of a block.</param>
    /// <param name="destination">Receives the values; whole blocks.</param>
    public static void Read(WeightEntry entry, long first, Span<double> destination)
    {
        WeightLayout layout = WeightTypes.Layout(entry.DataType) ?? throw NotReal(entry);
        byte[] bytes = new byte[Math.Min(PartElements, destination.Length) / layout.Elements * layout.Bytes];
        while (!destination.IsEmpty)
        {
            int count = Math.Min(PartElements, destination.Length);
            Span<byte> part = bytes.AsSpan(0, count / layout.Elements * layout.Bytes);
            entry.Read(first / layout.Elements * layout.Bytes, part);
            if (!Decode(entry.DataType, part, destination[..count]))
            {
                throw NotReal(entry);
            }

            destination = destination[count..];
            first += count;
        }
    }

    /// <summary>Reads all values.</summary>
    public static double[] Read(WeightEntry entry)
    {
        if (entry.Count > Array.MaxLength)
        {
            throw new NotSupportedException($"Tensor '{entry.Name}': expected at most {Array.MaxLength} elements for work on the tensor as a whole, got {entry.Count}.");
        }

        double[] values = new double[entry.Count];
        Read(entry, 0, values);
        return values;
    }

    private static NotSupportedException NotReal(WeightEntry entry) => new($"Tensor '{entry.Name}': expected a type with real values, got {entry.DataType}.");

    /// <summary>Turns whole blocks into values; false when the type has no real ones.</summary>
    internal static bool Decode(string dataType, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        switch (dataType)
        {
            case "float64":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                return true;
            case "float32":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                return true;
            case "int64":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
                }

                return true;
            case "uint64":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
                }

                return true;
            case "int32":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
                }

                return true;
            case "uint32":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
                }

                return true;
            case "int16":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]);
                }

                return true;
            case "uint16":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
                }

                return true;
            case "int8":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (sbyte)bytes[i];
                }

                return true;
            case "uint8" or "bool":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = bytes[i];
                }

                return true;
            default:
                float[] singles = new float[values.Length];
                if (SingleConversion.Convert(dataType, bytes, singles) is null)
                {
                    return false;
                }

                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = singles[i];
                }

                return true;
        }
    }
}
