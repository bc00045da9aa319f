namespace Pondus.Formats.Numpy;

/// <summary>Makes tensors of the content of an .npy file: one, or one for each field of a structured type.</summary>
internal static class NpyArray
{
    /// <summary>Reads the head and adds the tensors; the numbers are read when asked for.</summary>
    /// <exception cref="NpyException">It has no tensor.</exception>
    public static void Add(List<WeightEntry> entries, List<WeightRemark> remarks, string name, WeightBytesReader reader, long length)
    {
        NpyHeader header = NpyHeader.Read(reader, length);
        if (header.Fields.FirstOrDefault(static field => field.Type.IsObject) is { } objects)
        {
            throw new NpyException(WeightRemarkKind.Threat, $"expected numbers, got Python objects ({objects.Type.Text}): a pickle, for which Python would run code. Nothing was run.");
        }

        WeightTypes.TryCount(header.Shape, out long count);
        long bytes = count * header.RecordBytes, left = length - header.DataStart - bytes;
        if (left < 0)
        {
            throw new NpyException(WeightRemarkKind.Refused, $"expected {bytes} bytes of numbers, got {length - header.DataStart}. It is cut short.");
        }

        if (left > 0)
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Skipped, name, $"The {left} bytes behind the array were left out."));
        }

        WeightBytesReader data = NpyReaders.From(reader, header.DataStart);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (NpyField field in header.Fields.Where(static field => !IsPadding(field)))
        {
            if (!names.Add(field.Name))
            {
                throw new NpyException(WeightRemarkKind.Refused, $"expected each field once, got '{field.Name}' twice.");
            }

            AddField(entries, remarks, name, header, field, data);
        }
    }

    // NumPy aligns the fields of a structure by nameless bytes.
    private static bool IsPadding(NpyField field) => field.Type.Text is ['|', 'V', ..] && (field.Name.Length == 0 || field.Name.EndsWith('.')) && field.Offset > 0;

    private static void AddField(List<WeightEntry> entries, List<WeightRemark> remarks, string name, NpyHeader header, NpyField field, WeightBytesReader data)
    {
        string full = field.Name.Length == 0 ? name : $"{name}.{field.Name}";
        string? cause = field.Type.DataType is null ? $"expected numbers, got {field.Type.Text}: {Kind(field.Type)}." : null;
        long[] shape = [.. header.Shape, .. field.Shape];
        if (cause is null && (!WeightTypes.TryCountBytes(WeightTypes.Layout(field.Type.DataType!)!.Value, shape, out long bytes) || !IsReadable(header, field, bytes)))
        {
            cause = $"expected sizes that can be read, got ({string.Join(", ", shape)}) with the first axis fastest.";
        }

        if (cause is null)
        {
            entries.Add(new WeightEntry(full, field.Type.DataType!, shape, BytesOf(field.Type.DataType!, shape), Reader(header, field, data)));
        }
        else if (field.Name.Length == 0)
        {
            throw new NpyException(WeightRemarkKind.Refused, cause);
        }
        else
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Refused, full, $"Field '{field.Name}': {cause}"));
        }
    }

    private static long BytesOf(string dataType, long[] shape) => WeightTypes.TryCountBytes(WeightTypes.Layout(dataType)!.Value, shape, out long bytes) ? bytes : 0;

    // A row is held in memory to turn the order round.
    private static bool IsReadable(NpyHeader header, NpyField field, long bytes) =>
        !IsTurned(header) || bytes == 0 || bytes / header.Shape[0] <= Array.MaxLength || field.ByteCount == 0;

    private static bool IsTurned(NpyHeader header) => header.IsFortran && header.Shape.Count(static size => size != 1) > 1;

    private static WeightBytesReader Reader(NpyHeader header, NpyField field, WeightBytesReader data)
    {
        WeightBytesReader reader = field.ByteCount == header.RecordBytes ? data : NpyReaders.Field(data, header.RecordBytes, field.Offset, field.ByteCount);
        reader = IsTurned(header) ? new FortranOrder(reader, header.Shape, field.ByteCount).Read : reader;
        return field.Type.SwappedBytes > 1 ? ByteOrder.Reversed(reader, field.Type.SwappedBytes) : reader;
    }

    private static string Kind(NpyType type) => type.Text.TrimStart('<', '>', '|', '=')[0] switch
    {
        'S' => "byte strings",
        'U' => "texts",
        'M' or 'm' => "times",
        'f' or 'c' => "floats of a size that no other machine has",
        'V' when type.ByteCount == 2 => "elements of 2 bytes without a type, which may be bfloat16. Save them as float32, or as safetensors",
        'V' => "bytes without a type",
        _ => "a type that is not known",
    };
}
