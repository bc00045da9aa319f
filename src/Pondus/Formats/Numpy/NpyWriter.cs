using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pondus.Formats.Numpy;

/// <summary>Writes .npy files and .npz archives, the arrays byte for byte as NumPy does.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    // The first day that archives know: the same tensors give the same bytes.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes one tensor to an .npy file; its name is not kept.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entry">The tensor.</param>
    /// <exception cref="ArgumentException">NumPy has no such type.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void SaveNpy(string path, WeightEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        WriterChecks.Require(path, [entry], TypeProblem);
        AtomicFile.Write(path, stream => Write(stream, entry));
    }

    /// <summary>Writes tensors to an .npz archive, uncompressed.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing.</param>
    /// <exception cref="ArgumentException">NumPy has no such type, two tensors have one name, or an archive cannot hold a name.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void SaveNpz(string path, IEnumerable<WeightEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<WeightEntry> list = [.. entries];
        WriterChecks.Require(path, list, static entry => TypeProblem(entry) ?? NameProblem(entry));
        AtomicFile.Write(path, stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (WeightEntry entry in list)
            {
                ZipArchiveEntry member = archive.CreateEntry($"{entry.Name}.npy", CompressionLevel.NoCompression);
                member.LastWriteTime = s_time;
                using Stream content = member.Open();
                Write(content, entry);
            }
        });
    }

    private static string? TypeProblem(WeightEntry entry) => NpyType.Spell(entry.DataType) is null ? $"expected a type that NumPy has, got {entry.DataType}" : null;

    private static string? NameProblem(WeightEntry entry)
    {
        const int longestName = 65_000;
        return entry.Name.AsSpan().ContainsAny('\\', '\0') || Encoding.UTF8.GetByteCount(entry.Name) > longestName
            ? $"expected a name of at most {longestName} bytes without a backslash, got another, which archives cannot hold"
            : null;
    }

    private static void Write(Stream stream, WeightEntry entry)
    {
        stream.Write(Header(entry));
        entry.CopyTo(stream);
    }

    private static byte[] Header(WeightEntry entry)
    {
        StringBuilder sizes = new();
        foreach (long size in entry.Shape)
        {
            sizes.Append(sizes.Length == 0 ? string.Empty : ", ").Append(size.ToString(CultureInfo.InvariantCulture));
        }

        string tuple = entry.Shape.Length == 1 ? $"({sizes},)" : $"({sizes})";
        string text = $"{{'descr': '{NpyType.Spell(entry.DataType)}', 'fortran_order': False, 'shape': {tuple}, }}";
        const int prefixBytes = 10;
        // NumPy leaves room for the first size to grow to 20 digits.
        const int growingDigits = 21;
        int spare = entry.Shape.Length == 0 ? 0 : growingDigits - entry.Shape[0].ToString(CultureInfo.InvariantCulture).Length;
        int length = (prefixBytes + text.Length + spare + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        NpyHeader.Magic.CopyTo(header);
        header[NpyHeader.Magic.Length] = 1;
        header[NpyHeader.Magic.Length + 1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(NpyHeader.Magic.Length + 2), checked((ushort)(length - prefixBytes)));
        Encoding.Latin1.GetBytes(text, header.AsSpan(prefixBytes));
        header[^1] = (byte)'\n';
        return header;
    }
}
