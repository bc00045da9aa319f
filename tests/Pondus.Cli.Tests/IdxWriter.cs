using System.Buffers.Binary;

namespace Pondus.Cli.Tests;

/// <summary>Makes IDX files of bytes.</summary>
internal static class IdxWriter
{
    public static byte[] Make(byte[] values, params int[] sizes)
    {
        const byte UInt8 = 8;
        byte[] file = new byte[4 + (4 * sizes.Length) + values.Length];
        file[2] = UInt8;
        file[3] = (byte)sizes.Length;
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        }

        values.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }
}
