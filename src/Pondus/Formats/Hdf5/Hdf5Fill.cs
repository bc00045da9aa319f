namespace Pondus.Formats.Hdf5;

/// <summary>The value of elements that were never written.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections IV.A.2.e and f.</remarks>
internal static class Hdf5Fill
{
    /// <summary>Reads the bytes of one element; a single zero where no value is given, since an element may claim any size.</summary>
    internal static byte[] Read(Hdf5Source source, List<Hdf5Message> messages, int elementBytes)
    {
        ReadOnlySpan<byte> value = Hdf5ObjectHeader.Find(messages, Hdf5MessageType.Fill) is { } message
            ? ReadNew(source, message)
            : Hdf5ObjectHeader.Find(messages, Hdf5MessageType.OldFill) is { } old ? ReadOld(source, old) : [];
        return value.Length == elementBytes ? value.ToArray() : [0];
    }

    /// <summary>Repeats the value, beginning anywhere within it.</summary>
    internal static void Write(ReadOnlySpan<byte> value, long at, Span<byte> destination)
    {
        if (value.IndexOfAnyExcept((byte)0) < 0)
        {
            destination.Clear();
            return;
        }

        int phase = (int)(at % value.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = value[phase];
            phase = phase + 1 == value.Length ? 0 : phase + 1;
        }
    }

    private static ReadOnlySpan<byte> ReadNew(Hdf5Source source, Hdf5Message message)
    {
        const int isDefined = 0x20;
        Hdf5Cursor cursor = message.Open(source, "a fill value");
        int version = cursor.U8();
        if (version == 3)
        {
            return (cursor.U8() & isDefined) != 0 ? cursor.Take(cursor.U32()) : [];
        }

        cursor.Skip(2);
        bool hasValue = cursor.U8() != 0 || version == 1;
        return hasValue && cursor.Left >= sizeof(uint) ? cursor.Take(Math.Max(0, (int)cursor.U32())) : [];
    }

    private static ReadOnlySpan<byte> ReadOld(Hdf5Source source, Hdf5Message message)
    {
        Hdf5Cursor cursor = message.Open(source, "a fill value");
        return cursor.Take(cursor.U32());
    }
}
