using System.Buffers.Binary;
using Pondus.Formats.Blocks;

namespace Pondus.Formats;

/// <summary>Turns the little-endian bytes of a floating-point type or of GGUF's blocks into float32.</summary>
internal static class SingleConversion
{
    /// <summary>Converts whole elements; null when the type is none of float32, float16, bfloat16, float64 and the blocks.</summary>
    internal static int? Convert(string dataType, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (dataType)
        {
            case "float32":
                for (int i = 0; i < bytes.Length / 4; i++)
                {
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                return bytes.Length / 4;
            case "float16":
                for (int i = 0; i < bytes.Length / 2; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                return bytes.Length / 2;
            case "bfloat16":
                // bfloat16 is the upper half of a float32.
                for (int i = 0; i < bytes.Length / 2; i++)
                {
                    values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                return bytes.Length / 2;
            case "float64":
                for (int i = 0; i < bytes.Length / 8; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                return bytes.Length / 8;
            default:
                return BlockDecoding.Convert(dataType, bytes, values);
        }
    }
}
