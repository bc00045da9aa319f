using System.Buffers.Binary;

namespace Pondus.Formats.Safetensors;

/// <summary>An open safetensors file: its table is checked at once, its tensors are read when asked for.</summary>
/// <remarks>
/// <para>Bytes: header length (uint64, little-endian), JSON header, data. Entries cover the data once, without gaps.</para>
/// <para>Reading is safe from any number of threads. The file may be replaced while open: the old content stays readable.</para>
/// <para>Source: safetensors README, section Format; see FORMAT.md beside this file.</para>
/// </remarks>
public sealed class SafetensorsFile : WeightFile
{
    private const int PrefixBytes = 8;
    private const long MaxHeaderBytes = 100_000_000;

    private readonly RandomAccessFile _file;

    private SafetensorsFile(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        long length = file.Length;
        byte[] header = ReadHeader(length);
        (List<SafetensorsHeader.Row> rows, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(Path, header);
        long dataStart = PrefixBytes + header.Length;
        Check(rows, dataStart, length - dataStart);
        Metadata = metadata;
        Entries = rows.ConvertAll(row => new WeightEntry(
            row.Name, row.DataType, row.Shape, row.End - row.Begin, (offset, destination) => file.Read(dataStart + row.Begin + offset, destination)));
    }

    /// <inheritdoc/>
    public override string Format => "safetensors";

    /// <summary>Opens a file and checks its table of tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new SafetensorsFile Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "a safetensors file");
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    private static int ByPlace(SafetensorsHeader.Row a, SafetensorsHeader.Row b)
    {
        int order = a.Begin.CompareTo(b.Begin);
        order = order != 0 ? order : a.End.CompareTo(b.End);
        return order != 0 ? order : a.Offset.CompareTo(b.Offset);
    }

    private void Check(List<SafetensorsHeader.Row> rows, long dataStart, long dataBytes)
    {
        rows.Sort(ByPlace);
        long end = 0;
        foreach (SafetensorsHeader.Row row in rows)
        {
            if (!WeightTypes.TryCountBytes(WeightTypes.Layout(row.DataType)!.Value, row.Shape, out long bytes))
            {
                throw new WeightFormatException(Path, row.Offset,
                    $"tensor '{row.Name}': expected sizes whose product fills whole bytes below 2^63 bits, got {row.DataType} ({string.Join(", ", row.Shape)}).");
            }

            if (row.Begin != end || row.End - row.Begin != bytes)
            {
                throw new WeightFormatException(Path, dataStart + end,
                    $"tensor '{row.Name}': expected {bytes} bytes from {end}, got [{row.Begin}, {row.End}).");
            }

            end = row.End;
        }

        if (end != dataBytes)
        {
            throw new WeightFormatException(Path, dataStart,
                $"expected {end} bytes of data, got {dataBytes}. The file is cut short or has bytes that no tensor owns.");
        }
    }

    private byte[] ReadHeader(long length)
    {
        if (length < PrefixBytes)
        {
            throw new WeightFormatException(Path, 0, $"expected a header length of {PrefixBytes} bytes, got a file of {length} bytes.");
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        _file.Read(0, prefix);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long limit = Math.Min(MaxHeaderBytes, length - PrefixBytes);
        if (headerBytes > (ulong)limit)
        {
            string cure = headerBytes <= MaxHeaderBytes ? "The file is cut short." : "This is no safetensors file.";
            throw new WeightFormatException(Path, 0, $"expected a header of at most {limit} bytes, got {headerBytes}. {cure}");
        }

        byte[] header = new byte[headerBytes];
        _file.Read(PrefixBytes, header);
        return header;
    }
}
