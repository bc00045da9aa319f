namespace Pondus.Formats.Archives;

/// <summary>The checksum of zip archives and of PNG: CRC-32 with the polynomial 0xEDB88320, eight bytes a step.</summary>
/// <remarks>Source: ISO 3309; Kounavis and Berry 2005 for the eight tables.</remarks>
internal static class Crc32
{
    private const int Slices = 8;
    private static readonly uint[] s_tables = MakeTables();

    /// <summary>Goes on from a checksum, 0 at the start, over more bytes.</summary>
    internal static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> t = s_tables;
        uint crc = ~checksum;
        while (bytes.Length >= Slices)
        {
            uint low = crc ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[(7 << 8) | (int)(byte)low] ^ t[(6 << 8) | (int)(byte)(low >> 8)] ^ t[(5 << 8) | (int)(byte)(low >> 16)] ^ t[(4 << 8) | (int)(low >> 24)]
                ^ t[(3 << 8) | (int)(byte)high] ^ t[(2 << 8) | (int)(byte)(high >> 8)] ^ t[(1 << 8) | (int)(byte)(high >> 16)] ^ t[(int)(high >> 24)];
            bytes = bytes[Slices..];
        }

        foreach (byte one in bytes)
        {
            crc = t[(int)(byte)(crc ^ one)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTables()
    {
        const uint polynomial = 0xEDB88320;
        const int bits = 8, count = 256;
        uint[] tables = new uint[Slices * count];
        for (uint i = 0; i < count; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < bits; bit++)
            {
                crc = (crc & 1) != 0 ? polynomial ^ (crc >> 1) : crc >> 1;
            }

            tables[i] = crc;
        }

        for (int i = count; i < tables.Length; i++)
        {
            uint before = tables[i - count];
            tables[i] = tables[(int)(byte)before] ^ (before >> bits);
        }

        return tables;
    }
}
