using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Pondus.Formats.Safetensors;

/// <summary>An open safetensors file: its table is checked at once, its tensors are read when asked for.</summary>
/// <remarks>
/// <para>Bytes: header length (uint64, little-endian), JSON header, data. Entries cover the data once, without gaps.</para>
/// <para>Reading is safe from any number of threads. The file may be replaced while open: the old content stays readable.</para>
/// <para>Source: safetensors README, section Format; see FORMAT.md beside this file.</para>
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int PrefixBytes = 8;
    private const long MaxHeaderBytes = 100_000_000;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, WeightEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        long length = RandomAccess.GetLength(file);
        byte[] header = ReadHeader(length);
        (List<SafetensorsHeader.Row> rows, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(path, header);
        long dataStart = PrefixBytes + header.Length;
        Check(rows, dataStart, length - dataStart);
        Metadata = metadata;
        Entries = rows.ConvertAll(row => new WeightEntry(
            row.Name, row.DataType, row.Shape, row.End - row.Begin, (offset, destination) => ReadData(dataStart + row.Begin + offset, destination)));
        _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the path as it was given.</summary>
    public string Path { get; }

    /// <summary>Gets the tensors in the order of their bytes.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Gets the texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its table of tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = OpenHandle(path);
        try
        {
            return new SafetensorsFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor by name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The tensor, or null.</returns>
    public WeightEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tensor's values as float32.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="NotSupportedException">Its type is not float32, float16, bfloat16 or float64.</exception>
    public float[] ReadSingle(string name)
    {
        WeightEntry entry = Find(name)
            ?? throw new KeyNotFoundException($"{Path}: expected a tensor '{name}', got {Entries.Count} others.");
        return entry.ReadSingle();
    }

    /// <summary>Closes the file; its entries cannot be read afterwards.</summary>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string cause = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file.",
                UnauthorizedAccessException => Directory.Exists(path) ? "a folder." : "no permission to read it.",
                _ => error.Message,
            };
            throw new IOException($"{path}: expected a safetensors file, got {cause}", error);
        }
    }

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
            int bits = WeightTypes.Bits(row.DataType)!.Value;
            if (!WeightTypes.TryCountBytes(bits, row.Shape, out _, out long bytes))
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
        ReadData(0, prefix);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long limit = Math.Min(MaxHeaderBytes, length - PrefixBytes);
        if (headerBytes > (ulong)limit)
        {
            string cure = headerBytes <= MaxHeaderBytes ? "The file is cut short." : "This is no safetensors file.";
            throw new WeightFormatException(Path, 0, $"expected a header of at most {limit} bytes, got {headerBytes}. {cure}");
        }

        byte[] header = new byte[headerBytes];
        ReadData(PrefixBytes, header);
        return header;
    }

    private void ReadData(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RandomAccess.Read(_file, destination, offset);
            if (count == 0)
            {
                throw new WeightFormatException(Path, offset, $"expected {destination.Length} more bytes, got the end of the file. It was cut while open.");
            }

            destination = destination[count..];
            offset += count;
        }
    }
}
