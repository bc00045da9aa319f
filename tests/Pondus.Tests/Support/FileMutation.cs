using System.Buffers.Binary;

namespace Pondus.Tests.Support;

/// <summary>Damage to a file, the same for the same random source: flips, cuts, splices, extreme numbers, blocks twice or gone.</summary>
internal static class FileMutation
{
    private const int LongestBlock = 64;

    private static readonly long[] s_extremes =
    [
        0, 1, 2, 7, 8, 16, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MinValue, -1, -2, -8,
    ];

    /// <summary>Damages a copy in one to four places.</summary>
    public static byte[] Apply(byte[] sample, IReadOnlyList<byte[]> others, RandomSource random)
    {
        List<byte> bytes = [.. sample];
        for (int count = 1 + random.NextInt32(4); count > 0 && bytes.Count > 0; count--)
        {
            Damage(bytes, others[random.NextInt32(others.Count)], random);
        }

        return [.. bytes];
    }

    private static void Damage(List<byte> bytes, byte[] other, RandomSource random)
    {
        const int kinds = 8;
        int at = Place(bytes.Count, random), length = Math.Min(1 + random.NextInt32(LongestBlock), bytes.Count - at);
        switch (random.NextInt32(kinds))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.NextInt32(8));
                break;
            case 1:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                Splice(bytes, at, other, random);
                break;
            case 5:
                Digit(bytes, at, random);
                break;
            default:
                Number(bytes, at, random);
                break;
        }
    }

    // Half of the damage goes to the first and the last part, where tables are.
    private static int Place(int count, RandomSource random)
    {
        int part = Math.Min(count, 512);
        return random.NextInt32(4) switch
        {
            0 => random.NextInt32(part),
            1 => count - 1 - random.NextInt32(part),
            _ => random.NextInt32(count),
        };
    }

    private static void Splice(List<byte> bytes, int at, byte[] other, RandomSource random)
    {
        if (other.Length == 0)
        {
            return;
        }

        int from = random.NextInt32(other.Length), length = Math.Min(Math.Min(1 + random.NextInt32(LongestBlock), other.Length - from), bytes.Count - at);
        for (int i = 0; i < length; i++)
        {
            bytes[at + i] = other[from + i];
        }
    }

    // Numbers that are written as text: another digit, or many.
    private static void Digit(List<byte> bytes, int at, RandomSource random)
    {
        int digit = bytes.FindIndex(at, static value => value is >= (byte)'0' and <= (byte)'9');
        if (digit < 0)
        {
            return;
        }

        bytes[digit] = (byte)('0' + random.NextInt32(10));
        if (random.NextInt32(4) == 0)
        {
            bytes.InsertRange(digit, Enumerable.Repeat((byte)'9', 1 + random.NextInt32(24)));
        }
    }

    private static void Number(List<byte> bytes, int at, RandomSource random)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        long value = s_extremes[random.NextInt32(s_extremes.Length)];
        value = random.NextInt32(4) == 0 ? bytes.Count + (value % 3) : value;
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        int size = 1 << random.NextInt32(4);
        number = number[..size];
        if (random.NextInt32(3) == 0)
        {
            number.Reverse();
        }

        for (int i = 0; i < Math.Min(size, bytes.Count - at); i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
