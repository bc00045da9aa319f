using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Pondus.Tests.Support;

/// <summary>Reads the arrays of NumPy's .npz archives that hold expected values: little-endian, row-major, of numbers.</summary>
internal static partial class NpzFile
{
    /// <summary>Reads one array as single-precision values.</summary>
    public static (int[] Shape, float[] Values) Read(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry entry = archive.GetEntry($"{name}.npy") ?? throw new InvalidDataException($"{path}: expected an array {name}, got {string.Join(", ", archive.Entries.Select(e => e.Name))}.");
        using MemoryStream memory = new();
        using (Stream stream = entry.Open())
        {
            stream.CopyTo(memory);
        }

        // The format: magic and version (8 bytes), the length of the header (2 bytes, or 4 from version 2 on), the header as a Python literal.
        byte[] bytes = memory.ToArray();
        int lengthSize = bytes[6] == 1 ? 2 : 4, length = lengthSize == 2 ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToInt32(bytes, 8);
        string header = Encoding.Latin1.GetString(bytes, 8 + lengthSize, length);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: expected {name} row-major, got column-major.");
        }

        int[] shape = [.. Sizes().Match(header).Groups["sizes"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        int count = shape.Aggregate(1, (product, size) => product * size), start = 8 + lengthSize + length;
        string type = ElementType().Match(header).Groups["type"].Value;
        return (shape, [.. Enumerable.Range(0, count).Select(i => Value(bytes, start, i, type))]);
    }

    private static float Value(byte[] bytes, int start, int index, string type) => type switch
    {
        "<f4" => BitConverter.ToSingle(bytes, start + (4 * index)),
        "<f8" => (float)BitConverter.ToDouble(bytes, start + (8 * index)),
        "<i8" => BitConverter.ToInt64(bytes, start + (8 * index)),
        "<i4" => BitConverter.ToInt32(bytes, start + (4 * index)),
        "|u1" => bytes[start + index],
        _ => throw new InvalidDataException($"expected numbers, got {type}."),
    };

    [GeneratedRegex(@"'shape': \((?<sizes>[^)]*)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sizes();

    [GeneratedRegex(@"'descr': '(?<type>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ElementType();
}
