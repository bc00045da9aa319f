using System.Buffers.Binary;

namespace Pondus.Formats.Hdf5;

/// <summary>Makes a tensor of a data set.</summary>
internal static class Hdf5Dataset
{
    /// <summary>The attribute that names the type of opaque bytes.</summary>
    internal const string TypeAttribute = "dtype";

    /// <summary>Makes the tensor; an object that is no tensor is refused in words.</summary>
    internal static WeightEntry Read(Hdf5Source source, string path, List<Hdf5Message> messages, IReadOnlyDictionary<string, Hdf5Attribute> attributes, Hdf5Claims claims)
    {
        if (Hdf5ObjectHeader.Find(messages, Hdf5MessageType.ExternalFiles) is not null)
        {
            throw new Hdf5UnsupportedException("expected data within the file, got data in another file, which is not opened");
        }

        Hdf5Type type = ReadType(source, messages, attributes);
        Hdf5Cursor cursor = Require(source, messages, Hdf5MessageType.Dataspace, "sizes").Open(source, "the sizes");
        Hdf5Space space = Hdf5Space.Read(ref cursor);
        if (space.IsNull)
        {
            throw new Hdf5UnsupportedException("expected numbers, got a data set without any");
        }

        long[] shape = [.. space.Shape, .. type.ArrayShape];
        if (!WeightTypes.TryCount(space.Shape, out long count) || count > long.MaxValue / 8 / type.Size)
        {
            throw source.Error(0, $"expected sizes whose product is below 2^63 bits, got ({string.Join(", ", shape)}). It is damaged.");
        }

        long bytes = count * type.Size;
        Hdf5Layout layout = Hdf5Layout.Read(source, Require(source, messages, Hdf5MessageType.Layout, "a layout"));
        Hdf5Filters filters = Hdf5ObjectHeader.Find(messages, Hdf5MessageType.Filters) is { } message ? Hdf5Filters.Read(source, message) : new Hdf5Filters();
        byte[] fill = Hdf5Fill.Read(source, messages, type.Size);
        claims.Add(bytes);
        WeightBytesReader reader = MakeReader(source, layout, new Parts(space, type, filters, fill, bytes), claims);
        return new WeightEntry(path, type.DataType, shape, bytes, type.IsBigEndian && type.NumberBytes > 1 ? ByteOrder.Reversed(reader, type.NumberBytes) : reader);
    }

    private static Hdf5Message Require(Hdf5Source source, List<Hdf5Message> messages, int type, string what) =>
        Hdf5ObjectHeader.Find(messages, type) ?? throw source.Error(0, $"expected a data set with {what}, got an object without. It is damaged.");

    private static Hdf5Type ReadType(Hdf5Source source, List<Hdf5Message> messages, IReadOnlyDictionary<string, Hdf5Attribute> attributes)
    {
        Hdf5Cursor cursor = Require(source, messages, Hdf5MessageType.Datatype, "a type").Open(source, "the type");
        Hdf5Type type = Hdf5TypeReader.Read(ref cursor);
        // Keras keeps bfloat16 and its kin as opaque bytes and their name beside them.
        if (type.Kind == Hdf5TypeKind.Opaque && attributes.TryGetValue(TypeAttribute, out Hdf5Attribute? attribute)
            && attribute.Values is [string name] && WeightTypes.Layout(name) is { Elements: 1 } layout && layout.Bytes == type.Size)
        {
            return type with { Kind = Hdf5TypeKind.Number, DataType = name };
        }

        return type.Kind == Hdf5TypeKind.Number ? type : throw new Hdf5UnsupportedException($"expected numbers, got {type.Description}");
    }

    private static WeightBytesReader MakeReader(Hdf5Source source, Hdf5Layout layout, Parts parts, Hdf5Claims claims)
    {
        if (layout.Compact is { } compact)
        {
            return compact.Length >= parts.Bytes
                ? (offset, destination) => compact.Span.Slice((int)offset, destination.Length).CopyTo(destination)
                : throw source.Error(0, $"expected {parts.Bytes} bytes in the header, got {compact.Length}. It is damaged.");
        }

        if (layout.ChunkShape.Length > 0)
        {
            return MakeChunkReader(source, layout, parts, claims);
        }

        if (layout.Address == Hdf5Source.Undefined)
        {
            return (offset, destination) => Hdf5Fill.Write(parts.Fill, offset, destination);
        }

        source.CheckRange(layout.Address, parts.Bytes, "the data");
        return (offset, destination) => source.ReadData(layout.Address + offset, destination, "the data");
    }

    private static WeightBytesReader MakeChunkReader(Hdf5Source source, Hdf5Layout layout, Parts parts, Hdf5Claims claims)
    {
        Hdf5ChunkGrid grid = new(source, parts.Space, layout, parts.Type);
        if (!parts.Filters.IsEmpty && parts.Bytes > 0 && grid.RowBytes > Hdf5ChunkReader.MostRowBytes)
        {
            throw new Hdf5UnsupportedException($"expected compressed chunks of at most {Hdf5ChunkReader.MostRowBytes} bytes side by side, got {grid.RowBytes}");
        }

        return new Hdf5ChunkReader(source, grid, layout, parts.Filters, parts.Fill, claims.Cache).Read;
    }

    private sealed record Parts(Hdf5Space Space, Hdf5Type Type, Hdf5Filters Filters, byte[] Fill, long Bytes);
}
