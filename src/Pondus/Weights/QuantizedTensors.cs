using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>The convention for int8 weights: what <c>quantize --to int8</c> writes, and how it is read back.</summary>
/// <remarks>
/// <para>Formula: a tensor <c>x</c> of int8 with a float32 tensor <c>x.scale</c> that has one value for each of the first axis, in a file
/// whose metadata says <c>pondus.quantization</c> = <c>int8 per channel</c>: value = int8 * scale of its channel.</para>
/// </remarks>
internal static class QuantizedTensors
{
    public const string MetadataKey = "pondus.quantization";
    public const string PerChannel = "int8 per channel";
    public const string ScaleSuffix = ".scale";

    /// <summary>Gives the tensors with those of the convention as the float32 values that they stand for, and without their scales.</summary>
    public static IReadOnlyList<WeightEntry> Restored(IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(MetadataKey, out string? convention) || convention != PerChannel)
        {
            return entries;
        }

        Dictionary<string, WeightEntry> scales = entries
            .Where(static entry => entry.DataType == "float32" && entry.Shape.Length == 1 && entry.Name.EndsWith(ScaleSuffix, StringComparison.Ordinal))
            .ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        HashSet<WeightEntry> used = [];
        List<WeightEntry> restored = [];
        foreach (WeightEntry entry in entries)
        {
            if (entry.DataType == "int8" && entry.Shape.Length > 1 && scales.TryGetValue(entry.Name + ScaleSuffix, out WeightEntry? scale) && scale.Count == entry.Shape[0])
            {
                used.Add(scale);
                restored.Add(Restore(entry, scale));
            }
            else
            {
                restored.Add(entry);
            }
        }

        return [.. restored.Where(entry => !used.Contains(entry))];
    }

    /// <summary>Refuses a format in which codes could not be told from whole numbers.</summary>
    public static void RefuseWithoutMetadata(string target, IWeightFormat format)
    {
        if (!format.HoldsMetadata)
        {
            string able = string.Join(", ", WeightFormats.All.Where(static other => other is { CanWrite: true, HoldsMetadata: true } && other.Holds("int8")).Select(static other => other.Name));
            throw new NotSupportedException($"{target}: expected a format with metadata for int8 weights with scales, which say how to read them ({able}), got {format.Name}.");
        }
    }

    /// <summary>Gives the values that codes and their scales stand for.</summary>
    public static WeightEntry Restore(WeightEntry entry, WeightEntry scale) => ComputedEntry.Of(entry.Name, "float32", entry.Shape, () =>
    {
        byte[] codes = entry.ReadBytes(), bytes = new byte[4L * codes.Length];
        float[] scales = scale.ReadSingle();
        int width = scales.Length == 0 ? 1 : Math.Max(1, codes.Length / scales.Length);
        for (int i = 0; i < codes.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (sbyte)codes[i] * scales[i / width]);
        }

        return bytes;
    });
}
