using System.Buffers.Binary;
using System.Numerics;

namespace Pondus.Runs;

/// <summary>The checksum of event files: CRC-32C, masked so that a checksum of bytes that hold a checksum is no special case.</summary>
/// <remarks>Source: TensorFlow's record format, lib/hash/crc32c.h.</remarks>
internal static class EventChecksum
{
    /// <summary>Computes the masked checksum.</summary>
    internal static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc32C(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8u);
    }

    /// <summary>Computes CRC-32C (Castagnoli) with the usual inversion before and after.</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
