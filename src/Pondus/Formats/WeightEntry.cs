using System.Runtime.InteropServices;

namespace Pondus.Formats;

/// <summary>One named tensor of a weights file: its type, sizes and, read only when asked for, its bytes.</summary>
/// <remarks>Bytes are little-endian and row-major. Nothing is converted, so what was read can be written back bit for bit.</remarks>
public sealed class WeightEntry
{
    private const int ChunkBytes = 1 << 18;

    private readonly long[] _shape;
    private readonly WeightBytesReader _reader;

    /// <summary>Makes an entry whose bytes are read on demand.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="dataType">Name of the element type: NumPy's, <c>bfloat16</c> and its kin, or GGUF's of a block such as <c>q4_0</c>.</param>
    /// <param name="shape">Sizes, outermost first; empty for a single number.</param>
    /// <param name="byteCount">Bytes of the tensor.</param>
    /// <param name="reader">Reads any part of them.</param>
    /// <exception cref="ArgumentException">The sizes and the type give another number of bytes.</exception>
    public WeightEntry(string name, string dataType, ReadOnlySpan<long> shape, long byteCount, WeightBytesReader reader)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dataType);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        if (!WeightTypes.TryCount(shape, out long count)
            || (WeightTypes.Layout(dataType) is { } layout && (!WeightTypes.TryCountBytes(layout, shape, out long expected, padded: true) || expected != byteCount)))
        {
            throw new ArgumentException(
                $"Tensor '{name}': expected as many bytes as {dataType} ({string.Join(", ", shape.ToArray())}) takes, got {byteCount}.", nameof(byteCount));
        }

        Name = name;
        DataType = dataType;
        Count = count;
        ByteCount = byteCount;
        _shape = shape.ToArray();
        _reader = reader;
    }

    /// <summary>Makes an entry over bytes in memory; they are not copied.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="dataType">Name of the element type: NumPy's, <c>bfloat16</c> and its kin, or GGUF's of a block such as <c>q4_0</c>.</param>
    /// <param name="shape">Sizes, outermost first; empty for a single number.</param>
    /// <param name="bytes">The little-endian, row-major bytes.</param>
    /// <exception cref="ArgumentException">The sizes and the type give another number of bytes.</exception>
    public WeightEntry(string name, string dataType, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, dataType, shape, bytes.Length, (offset, destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination))
    {
    }

    /// <summary>Gets the name of the tensor.</summary>
    public string Name { get; }

    /// <summary>Gets the element type: NumPy's name, or <c>bfloat16</c> and its kin.</summary>
    public string DataType { get; }

    /// <summary>Gets the sizes, outermost first.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; }

    /// <summary>Gets the number of bytes.</summary>
    public long ByteCount { get; }

    /// <summary>Makes a float32 entry over values in memory; they are not copied.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    /// <param name="values">The values, row-major.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentException">The sizes give another number of values.</exception>
    public static WeightEntry OfSingle(string name, ReadOnlySpan<int> shape, ReadOnlyMemory<float> values)
    {
        long[] sizes = new long[shape.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = shape[i];
        }

        return new WeightEntry(name, "float32", sizes, 4L * values.Length, (offset, destination) => CopySingle(values.Span, offset, destination));
    }

    /// <summary>Reads a part of the bytes.</summary>
    /// <param name="offset">Offset of the first byte wanted.</param>
    /// <param name="destination">Receives the bytes; it is filled completely.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside the tensor.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteCount - destination.Length);
        if (!destination.IsEmpty)
        {
            _reader(offset, destination);
        }
    }

    /// <summary>Reads all bytes.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The tensor has more bytes than an array can hold.</exception>
    public byte[] ReadBytes()
    {
        if (ByteCount > Array.MaxLength)
        {
            throw new InvalidOperationException($"Tensor '{Name}': expected at most {Array.MaxLength} bytes, got {ByteCount}. Read it in parts.");
        }

        byte[] bytes = new byte[ByteCount];
        Read(0, bytes);
        return bytes;
    }

    /// <summary>Reads all values as float32; what float32 cannot hold is rounded to nearest.</summary>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="InvalidOperationException">The tensor has more values than an array can hold.</exception>
    /// <exception cref="NotSupportedException">The type has no real values, such as complex numbers.</exception>
    public float[] ReadSingle()
    {
        if (Count > Array.MaxLength)
        {
            throw new InvalidOperationException($"Tensor '{Name}': expected at most {Array.MaxLength} values, got {Count}. Read it in parts.");
        }

        float[] values = new float[Count];
        ReadSingle(values);
        return values;
    }

    /// <summary>Reads all values as float32 into memory of the caller; what float32 cannot hold is rounded to nearest.</summary>
    /// <param name="destination">Receives the values, row-major; its length is <see cref="Count"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="NotSupportedException">The type has no real values, such as complex numbers.</exception>
    public void ReadSingle(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"Tensor '{Name}': expected room for {Count} values, got {destination.Length}.", nameof(destination));
        }

        if (DataType is "float32" && BitConverter.IsLittleEndian)
        {
            Read(0, MemoryMarshal.AsBytes(destination));
            return;
        }

        WeightLayout layout = WeightTypes.Layout(DataType) ?? new WeightLayout(1, 1);
        byte[] bytes = new byte[Math.Min(ByteCount, ChunkBytes / layout.Bytes * layout.Bytes)];
        for (long offset = 0; offset < ByteCount; offset += bytes.Length)
        {
            Span<byte> part = bytes.AsSpan(0, (int)Math.Min(bytes.Length, ByteCount - offset));
            Read(offset, part);
            int count = SingleConversion.Convert(DataType, part, destination)
                ?? throw new NotSupportedException($"Tensor '{Name}': expected a type with real values, got {DataType}.");
            destination = destination[count..];
        }
    }

    /// <summary>Writes all bytes to a stream, a part at a time.</summary>
    /// <param name="destination">Receives the bytes.</param>
    public void CopyTo(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ForEachPart(destination, static (stream, bytes, length) => stream.Write(bytes, 0, length));
    }

    /// <summary>Prints name, type and sizes, as <c>fc1.weight float32 (10, 784)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} {DataType} ({string.Join(", ", _shape)})";

    /// <summary>Calls an action on the bytes, a part at a time.</summary>
    internal void ForEachPart<T>(T state, Action<T, byte[], int> action)
    {
        byte[] bytes = new byte[Math.Min(ByteCount, ChunkBytes)];
        for (long offset = 0; offset < ByteCount; offset += bytes.Length)
        {
            int length = (int)Math.Min(bytes.Length, ByteCount - offset);
            Read(offset, bytes.AsSpan(0, length));
            action(state, bytes, length);
        }
    }

    private static void CopySingle(ReadOnlySpan<float> values, long offset, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            // Cut before the cast: the bytes of 2^30 floats do not fit one span.
            int first = (int)(offset / 4), skip = (int)(offset % 4);
            int last = Math.Min(values.Length, first + ((skip + destination.Length + 3) / 4));
            MemoryMarshal.AsBytes(values[first..last]).Slice(skip, destination.Length).CopyTo(destination);
            return;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            long position = offset + i;
            destination[i] = (byte)(BitConverter.SingleToUInt32Bits(values[(int)(position / 4)]) >> (int)(8 * (position % 4)));
        }
    }
}
