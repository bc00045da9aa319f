using System.Buffers.Binary;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Turns values into the bytes of any type that can be written: to nearest, of two as near to the even one.</summary>
/// <remarks>float64 and the integers are rounded once, from float64; the others by way of float32. Integers too large become the largest.</remarks>
internal static class WeightEncoding
{
    /// <summary>Says whether a type can be written.</summary>
    public static bool CanEncode(string dataType) => SingleEncoding.CanEncode(dataType) || BlockQuantizer.CanEncode(dataType);

    /// <summary>Says whether a type is for real numbers that need not be whole: the kinds of floats and the blocks.</summary>
    public static bool IsFloating(string dataType) =>
        dataType.StartsWith("float", StringComparison.Ordinal) || dataType == "bfloat16" || WeightTypes.Layout(dataType) is { Elements: >= 32 };

    /// <summary>Encodes whole blocks.</summary>
    public static void Encode(string dataType, ReadOnlySpan<double> values, Span<byte> bytes)
    {
        switch (dataType)
        {
            case "float64":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes[(8 * i)..], values[i]);
                }

                break;
            case "float16":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)values[i]);
                }

                break;
            case "int64":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * i)..], (long)Math.Round(values[i], MidpointRounding.ToEven));
                }

                break;
            case "uint64":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], (ulong)Math.Max(0, Math.Round(values[i], MidpointRounding.ToEven)));
                }

                break;
            case "int32":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], (int)Math.Round(values[i], MidpointRounding.ToEven));
                }

                break;
            case "uint32":
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], (uint)Math.Max(0, Math.Round(values[i], MidpointRounding.ToEven)));
                }

                break;
            default:
                float[] singles = new float[values.Length];
                for (int i = 0; i < values.Length; i++)
                {
                    singles[i] = (float)values[i];
                }

                if (SingleEncoding.CanEncode(dataType))
                {
                    SingleEncoding.Encode(dataType, singles, bytes);
                }
                else
                {
                    BlockQuantizer.Encode(dataType, singles, bytes);
                }

                break;
        }
    }
}
