namespace Pondus.Formats.PyTorch;

/// <summary>A nested tensor: rows of different sizes in one buffer; each becomes a tensor <c>name[i]</c>.</summary>
internal static class NestedTensor
{
    private const int MostRows = 1 << 16;

    /// <summary>Adds the rows: parts are the buffer, the sizes (rows, axes), the strides (rows, axes) and the starts (rows).</summary>
    internal static void Add(TorchEntries entries, string name, TorchParts parts)
    {
        TorchTensor buffer = parts.Parts[0];
        long[]? sizes = Integers(entries, name, parts.Parts[1]), strides = Integers(entries, name, parts.Parts[2]), starts = Integers(entries, name, parts.Parts[3]);
        if (sizes is null || strides is null || starts is not { Length: <= MostRows })
        {
            entries.Remark(WeightRemarkKind.Refused, name, "expected a nested tensor whose sizes are a short table of whole numbers, got another.");
            return;
        }

        int axes = starts.Length == 0 ? 0 : sizes.Length / starts.Length;
        if (sizes.Length != strides.Length || axes * starts.Length != sizes.Length)
        {
            throw entries.Error(parts.Offset, $"tensor '{name}': expected sizes and strides for each of {starts.Length} rows, got {sizes.Length} and {strides.Length} numbers.");
        }

        for (int i = 0; i < starts.Length; i++)
        {
            long[] shape = sizes[(i * axes)..((i + 1) * axes)], steps = strides[(i * axes)..((i + 1) * axes)];
            // A start that overflows is negative, which is refused like any place outside.
            entries.AddTensor($"{name}[{i}]", new TorchTensor(buffer.Storage, unchecked(buffer.Start + starts[i]), shape, steps, buffer.Offset) { Type = buffer.Type });
        }

        entries.Remark(WeightRemarkKind.Note, name, $"a nested tensor of {starts.Length} rows; each is listed as a tensor.");
    }

    private static long[]? Integers(TorchEntries entries, string name, TorchTensor tensor) =>
        entries.Locate(name, tensor) is { } located ? TorchIntegers.Read(located.Window, located.Storage) : null;
}
