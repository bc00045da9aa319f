namespace Pondus.Formats.Gguf;

/// <summary>One file in the format GGUF: its metadata and the table of its tensors, checked.</summary>
internal sealed class GgufPart
{
    private const int DefaultAlignment = 32;
    private const int MaxItems = 1_000_000;
    private const int MaxDimensions = 4;

    private readonly RandomAccessFile _file;
    private readonly GgufCursor _cursor;
    private readonly List<Row> _rows = [];

    private GgufPart(RandomAccessFile file)
    {
        _file = file;
        _cursor = new GgufCursor(file);
        Version = ReadVersion();
        long tensors = _cursor.ReadCount("tensors", _cursor.HasShortCounts ? 20 : 24);
        long keys = _cursor.ReadCount("keys", _cursor.HasShortCounts ? 9 : 13);
        if (Math.Max(tensors, keys) > MaxItems)
        {
            throw _cursor.Error(8, $"expected at most {MaxItems} tensors and keys, got {tensors} and {keys}.");
        }

        ReadValues(keys);
        Alignment = ReadAlignment();
        ReadRows(tensors);
        long start = _cursor.Position;
        start += (Alignment - (start % Alignment)) % Alignment;
        Check(start);
        Entries = _rows.ConvertAll(row => Entry(row, start));
    }

    /// <summary>Gets the version of the format: 1, 2 or 3.</summary>
    internal int Version { get; }

    /// <summary>Gets whether the bytes of a number lie highest first.</summary>
    internal bool IsBigEndian => _cursor.IsBigEndian;

    /// <summary>Gets the bytes whose multiples the tensors begin at.</summary>
    internal int Alignment { get; }

    internal OrderedDictionary<string, GgufValue> Values { get; } = new(StringComparer.Ordinal);

    internal List<WeightEntry> Entries { get; }

    internal List<WeightRemark> Remarks { get; } = [];

    /// <summary>Reads a part; the file stays the caller's.</summary>
    internal static GgufPart Read(RandomAccessFile file) => new(file);

    private int ReadVersion()
    {
        if (_cursor.ReadUInt32("the letters GGUF") != 0x4655_4747)
        {
            throw _cursor.Error(0, "expected a file that begins with the letters GGUF, got another one.");
        }

        uint version = _cursor.ReadUInt32("a version");
        if ((version & 0xFFFF) == 0)
        {
            _cursor.IsBigEndian = true;
            version = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(version);
        }

        _cursor.HasShortCounts = version == 1;
        return version is >= 1 and <= 3 ? (int)version : throw _cursor.Error(4, $"expected version 1, 2 or 3 of GGUF, got {version}.");
    }

    private void ReadValues(long keys)
    {
        for (long i = 0; i < keys; i++)
        {
            long at = _cursor.Position;
            string key = _cursor.ReadName("a key");
            _cursor.Subject = $"'{key}': ";
            if (!Values.TryAdd(key, _cursor.ReadValue()))
            {
                throw _cursor.Error(at, "expected each key once, got it twice.");
            }

            _cursor.Subject = "";
        }
    }

    private int ReadAlignment()
    {
        if (!Values.TryGetValue("general.alignment", out GgufValue? value))
        {
            return DefaultAlignment;
        }

        return value.Type == GgufValueType.UInt32 && value.AsInt64() is > 0 and <= 1 << 20 and long alignment && long.IsPow2(alignment)
            ? (int)alignment
            : throw _cursor.Error(0, $"'general.alignment': expected a power of two up to 1048576 as UInt32, got {value} as {value.Type}.");
    }

    private void ReadRows(long tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        for (long i = 0; i < tensors; i++)
        {
            long at = _cursor.Position;
            string name = _cursor.ReadName("a tensor's name");
            _cursor.Subject = $"tensor '{name}': ";
            if (!names.Add(name))
            {
                throw _cursor.Error(at, "expected each tensor once, got it twice.");
            }

            uint dimensions = _cursor.ReadUInt32("a number of dimensions");
            if (dimensions > MaxDimensions)
            {
                throw _cursor.Error(at, $"expected at most {MaxDimensions} dimensions, got {dimensions}.");
            }

            // The file has the innermost size first.
            long[] shape = new long[dimensions];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                ulong size = _cursor.HasShortCounts ? _cursor.ReadUInt32("a size") : _cursor.ReadUInt64("a size");
                shape[axis] = size <= long.MaxValue ? (long)size : throw _cursor.Error(at, $"expected sizes below 2^63, got {size}.");
            }

            uint type = _cursor.ReadUInt32("a type");
            ulong offset = _cursor.ReadUInt64("an offset");
            if (GgufTypes.DataType(type) is { } dataType)
            {
                _rows.Add(new Row(name, dataType, shape, offset, Bytes(dataType, shape, at), at));
            }
            else
            {
                Remarks.Add(new WeightRemark(WeightRemarkKind.Refused, name, $"expected a type of element that is known, got number {type} with sizes ({string.Join(", ", shape)}). It was left out."));
            }

            _cursor.Subject = "";
        }
    }

    private long Bytes(string dataType, long[] shape, long at)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        bool wholeRows = layout.Elements == 1 || (shape.Length > 0 && shape[^1] % layout.Elements == 0);
        return wholeRows && WeightTypes.TryCountBytes(layout, shape, out long bytes)
            ? bytes
            : throw _cursor.Error(at, $"expected rows of whole blocks of {layout.Elements} and a product below 2^63 bits, got {dataType} ({string.Join(", ", shape)}).");
    }

    private void Check(long start)
    {
        ulong room = (ulong)Math.Max(0, _file.Length - start);
        Row? before = null;
        foreach (Row row in _rows.OrderBy(static row => row.Offset).ThenBy(static row => row.Bytes))
        {
            if (row.Offset % (ulong)Alignment != 0)
            {
                throw _cursor.Error(row.At, $"tensor '{row.Name}': expected an offset that is a multiple of {Alignment}, got {row.Offset}.");
            }

            if (row.Bytes > 0 && (row.Offset > room || (ulong)row.Bytes > room - row.Offset))
            {
                throw _cursor.Error(row.At, $"tensor '{row.Name}': expected {row.Bytes} bytes from {row.Offset} of the data, got {room} bytes of data. The file is cut short.");
            }

            if (before is not null && row.Offset < before.Offset + (ulong)before.Bytes)
            {
                throw _cursor.Error(row.At, $"tensor '{row.Name}': expected bytes of its own, got some of tensor '{before.Name}'.");
            }

            before = row.Bytes > 0 ? row : before;
        }
    }

    private WeightEntry Entry(Row row, long start)
    {
        long begin = start + (long)row.Offset;
        int size = WeightTypes.Layout(row.DataType)!.Value.Bytes;
        RandomAccessFile file = _file;
        WeightBytesReader reader = (offset, destination) => file.Read(begin + offset, destination);
        if (IsBigEndian && WeightTypes.Layout(row.DataType)!.Value.Elements > 1)
        {
            Remarks.Add(new WeightRemark(WeightRemarkKind.Note, row.Name,
                $"blocks of {row.DataType} in a big-endian file are given as they lie: writers differ on the order within a block."));
        }
        else if (IsBigEndian && size > 1)
        {
            reader = ByteOrder.Reversed(reader, size);
        }

        return new WeightEntry(row.Name, row.DataType, row.Shape, row.Bytes, reader);
    }

    private sealed record Row(string Name, string DataType, long[] Shape, ulong Offset, long Bytes, long At);
}
