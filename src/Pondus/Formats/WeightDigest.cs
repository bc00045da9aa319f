using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pondus.Formats;

/// <summary>The fingerprint of a set of tensors, independent of the file format, the order and the metadata.</summary>
/// <remarks>
/// SHA-256 over the tensors sorted by the UTF-8 bytes of their names. Each contributes, with all numbers little-endian:
/// bytes of the name (uint32), the name (UTF-8), bytes of the type's name (uint32), the type's name (ASCII, as
/// <c>float32</c>), the rank (uint32), each size (int64), the number of data bytes (int64), the data (little-endian, row-major).
/// </remarks>
public static class WeightDigest
{
    /// <summary>Computes the fingerprint.</summary>
    /// <param name="entries">The tensors; no two of one name.</param>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public static string Compute(IEnumerable<WeightEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[]? before = null;
        foreach ((byte[] name, WeightEntry entry) in Sorted(entries))
        {
            if (before is not null && before.AsSpan().SequenceEqual(name))
            {
                throw new ArgumentException($"WeightDigest: expected each name once, got '{entry.Name}' twice.", nameof(entries));
            }

            AppendText(hash, name);
            AppendText(hash, Encoding.ASCII.GetBytes(entry.DataType));
            AppendUInt32(hash, (uint)entry.Shape.Length);
            foreach (long size in entry.Shape)
            {
                AppendInt64(hash, size);
            }

            AppendInt64(hash, entry.ByteCount);
            entry.ForEachPart(hash, static (state, bytes, length) => state.AppendData(bytes, 0, length));
            before = name;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Sorts by the bytes of the names; the order of .NET's ordinal comparison differs beyond U+FFFF.</summary>
    internal static List<(byte[] Name, WeightEntry Entry)> Sorted(IEnumerable<WeightEntry> entries)
    {
        List<(byte[] Name, WeightEntry Entry)> list = [.. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Name), entry))];
        list.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return list;
    }

    private static void AppendText(IncrementalHash hash, byte[] text)
    {
        AppendUInt32(hash, (uint)text.Length);
        hash.AppendData(text);
    }

    private static void AppendUInt32(IncrementalHash hash, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void AppendInt64(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
