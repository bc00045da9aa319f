namespace Pondus.Formats.Hdf5;

/// <summary>Reads the attributes of an object.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections IV.A.2.m (attribute) and v (attribute info).</remarks>
internal static class Hdf5Attributes
{
    /// <summary>Reads all attributes; one of a kind that is not read is reported and left out.</summary>
    internal static Dictionary<string, Hdf5Attribute> Read(Hdf5Source source, Hdf5GlobalHeap heap, List<Hdf5Message> messages, Action<string, string> report)
    {
        Dictionary<string, Hdf5Attribute> attributes = new(StringComparer.Ordinal);
        foreach (Hdf5Message message in messages)
        {
            if (message.Type == Hdf5MessageType.Attribute)
            {
                Add(source, heap, message.Data, message.Address, attributes, report);
            }
            else if (message.Type == Hdf5MessageType.AttributeInfo)
            {
                ReadDense(source, heap, message, attributes, report);
            }
        }

        return attributes;
    }

    private static void ReadDense(Hdf5Source source, Hdf5GlobalHeap heap, Hdf5Message message, Dictionary<string, Hdf5Attribute> attributes, Action<string, string> report)
    {
        Hdf5Cursor cursor = message.Open(source, "a list of attributes");
        cursor.U8();
        int flags = cursor.U8();
        cursor.Skip((flags & 1) != 0 ? 2 : 0);
        long address = cursor.ReadAddress(), tree = cursor.ReadAddress();
        if (address == Hdf5Source.Undefined)
        {
            return;
        }

        // A record: the heap's identifier, then flags, the order and a hash.
        foreach (ReadOnlyMemory<byte> bytes in Hdf5Links.ReadIndexed(source, address, tree, type: 8, headBytes: 0, tailBytes: 9))
        {
            Add(source, heap, bytes, address, attributes, report);
        }
    }

    private static void Add(Hdf5Source source, Hdf5GlobalHeap heap, ReadOnlyMemory<byte> bytes, long address, Dictionary<string, Hdf5Attribute> attributes, Action<string, string> report)
    {
        string name = "";
        try
        {
            if (ReadOne(source, heap, bytes, address, ref name) is { } attribute)
            {
                attributes[name] = attribute;
            }
        }
        catch (Hdf5UnsupportedException error)
        {
            report(name, error.Message);
        }
    }

    private static Hdf5Attribute? ReadOne(Hdf5Source source, Hdf5GlobalHeap heap, ReadOnlyMemory<byte> bytes, long address, ref string name)
    {
        Hdf5Cursor cursor = new(source, bytes.Span, address, "an attribute");
        int version = cursor.U8(), flags = cursor.U8();
        int nameBytes = cursor.U16(), typeBytes = cursor.U16(), spaceBytes = cursor.U16();
        cursor.Skip(version == 3 ? 1 : 0);
        if (version is < 1 or > 3)
        {
            throw cursor.Error($"expected an attribute of version 1 to 3, got {version}");
        }

        bool isPadded = version == 1;
        name = Hdf5Attribute.Text(Part(ref cursor, nameBytes, isPadded));
        long typeAt = cursor.Address;
        Hdf5Cursor part = new(source, Part(ref cursor, typeBytes, isPadded), typeAt, "an attribute's type");
        bool isShared = version > 1 && (flags & 1) != 0;
        if (isShared)
        {
            part = Hdf5ObjectHeader.Resolve(source, Hdf5MessageType.Datatype, part).Open(source, "an attribute's type");
        }

        Hdf5Type type = Hdf5TypeReader.Read(ref part);
        long spaceAt = cursor.Address;
        part = new Hdf5Cursor(source, Part(ref cursor, spaceBytes, isPadded), spaceAt, "an attribute's sizes");
        Hdf5Space space = Hdf5Space.Read(ref part);
        if (space.IsNull)
        {
            return null;
        }

        if (!WeightTypes.TryCount(space.Shape, out long count) || count > cursor.Left / type.Size)
        {
            throw cursor.Error($"expected {string.Join(" x ", space.Shape)} values of {type.Size} bytes, got {cursor.Left} bytes");
        }

        List<string> values = [];
        for (long i = 0; i < count; i++)
        {
            ReadValues(source, heap, type, cursor.Take(type.Size), cursor.Address, values);
        }

        return new Hdf5Attribute(name, values, space.Shape.Length == 0 && type.ArrayShape.Count == 0, type.Kind != Hdf5TypeKind.Number);
    }

    private static ReadOnlySpan<byte> Part(ref Hdf5Cursor cursor, int count, bool isPadded)
    {
        ReadOnlySpan<byte> part = cursor.Take(count);
        cursor.Skip(isPadded ? -count & 7 : 0);
        return part;
    }

    private static void ReadValues(Hdf5Source source, Hdf5GlobalHeap heap, Hdf5Type type, ReadOnlySpan<byte> bytes, long address, List<string> values)
    {
        switch (type.Kind)
        {
            case Hdf5TypeKind.Number:
                for (int i = 0; i < bytes.Length; i += type.NumberBytes)
                {
                    values.Add(Hdf5Attribute.Number(type, bytes.Slice(i, type.NumberBytes)) ?? throw new Hdf5UnsupportedException($"expected plain numbers, got {type.DataType}"));
                }

                break;
            case Hdf5TypeKind.FixedText:
                source.Spend(bytes.Length);
                values.Add(Hdf5Attribute.Text(bytes).TrimEnd(' '));
                break;
            case Hdf5TypeKind.VariableText:
                Hdf5Cursor cursor = new(source, bytes, address, "a text");
                long length = cursor.U32(), collection = cursor.ReadAddress(), index = cursor.U32();
                ReadOnlySpan<byte> text = length == 0 ? [] : heap.Get(collection, index).Span;
                source.Spend(text.Length);
                values.Add(Hdf5Attribute.Text(text[..(int)Math.Min(length, text.Length)]));
                break;
            default:
                throw new Hdf5UnsupportedException($"expected texts or numbers, got {type.Description}");
        }
    }
}
