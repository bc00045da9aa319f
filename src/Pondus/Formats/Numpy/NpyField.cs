namespace Pondus.Formats.Numpy;

/// <summary>A field of an element: a plain array has one, without a name; a structured one has several.</summary>
/// <param name="Name">Its name; of a field within a field both, with a dot between.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Offset">Offset of its first byte in the element.</param>
/// <param name="Shape">Sizes when it is an array itself.</param>
/// <param name="ByteCount">Bytes of all its numbers.</param>
internal sealed record NpyField(string Name, NpyType Type, long Offset, long[] Shape, long ByteCount)
{
    private const int MaxFields = 10_000;

    /// <summary>Adds the fields that a description spells, and gives the bytes that they take.</summary>
    /// <exception cref="NpyException">It is no description.</exception>
    public static long AddAll(List<NpyField> fields, string name, object description, long offset, long[] shape)
    {
        if (description is string text)
        {
            NpyType type = NpyType.Parse(text) ?? throw Unknown(text);
            if (!WeightTypes.TryCount(shape, out long count) || (type.ByteCount != 0 && count > int.MaxValue / type.ByteCount) || fields.Count >= MaxFields)
            {
                throw new NpyException(WeightRemarkKind.Refused, $"expected at most {MaxFields} fields of at most 2^31 bytes, got more.");
            }

            fields.Add(new NpyField(name, type, offset, shape, count * type.ByteCount));
            return count * type.ByteCount;
        }

        // A field that is an array of structures is told by its name alone: its numbers do not lie side by side.
        if (description is not List<object> parts || shape.Length > 0)
        {
            throw Unknown("an array of structures or another value");
        }

        long bytes = 0;
        foreach (object part in parts)
        {
            bytes += AddOne(fields, name, part, offset + bytes);
        }

        return bytes;
    }

    private static long AddOne(List<NpyField> fields, string parent, object part, long offset)
    {
        if (part is not List<object> { Count: 2 or 3 } field || Named(field[0]) is not { } name || (field.Count == 3 ? NpyHeader.Sizes(field[2]) : []) is not { } shape)
        {
            throw Unknown("a field that is no name, type and sizes");
        }

        return AddAll(fields, parent.Length == 0 ? name : $"{parent}.{name}", field[1], offset, shape);
    }

    // A name may come with a title in front of it.
    private static string? Named(object value) => value switch
    {
        string name => name,
        List<object> { Count: 2 } pair => pair[1] as string,
        _ => null,
    };

    private static NpyException Unknown(string type) => new(WeightRemarkKind.Refused, $"expected a type such as <f4 or a list of fields, got {type}.");
}
