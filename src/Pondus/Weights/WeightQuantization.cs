using System.Buffers.Binary;
using System.IO.Enumeration;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Makes weights smaller by keeping few bits of each, and measures what that costs.</summary>
/// <remarks>
/// <para>Formula for int8: scale = the largest |w| of a channel / 127, code = w / scale rounded to nearest (half to even), in [-127, 127];
/// a channel is one place on the first axis, the outputs in PyTorch's layout. A tensor <c>x</c> is stored as int8 beside <c>x.scale</c>
/// (float32), and the metadata say <c>pondus.quantization</c> = <c>int8 per channel</c>. A channel of zeros has scale 1.</para>
/// <para>Blocks (<c>q8_0</c>, <c>q4_0</c> ...) are GGUF's, in files of formats that hold them.</para>
/// <para>Floating-point tensors of two axes and more are quantized; vectors, and rows that do not fill whole blocks, stay as they are.</para>
/// <para>Source: Jacob et al. 2018, arXiv:1712.05877 (symmetric, per channel: Krishnamoorthi 2018, arXiv:1806.08342); ggml (blocks).</para>
/// </remarks>
public static class WeightQuantization
{
    private const string Int8 = "int8";

    /// <summary>Gets the types that weights can be quantized to.</summary>
    public static IReadOnlyList<string> DataTypes { get; } = [Int8, .. BlockQuantizer.DataTypes.Where(static type => WeightTypes.Layout(type) is { Elements: > 1 })];

    /// <summary>Quantizes a file.</summary>
    /// <param name="source">The open file.</param>
    /// <param name="target">The file to write; its folder must exist.</param>
    /// <param name="options">To what.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it early; the target is then as it was.</param>
    /// <returns>What became of each tensor.</returns>
    /// <exception cref="ArgumentException">The type is not one of <see cref="DataTypes"/>, or no tensor can be quantized.</exception>
    /// <exception cref="NotSupportedException">The format does not hold the type, or not the metadata that int8 needs.</exception>
    /// <exception cref="IOException">The target is the source, or cannot be written.</exception>
    public static OperationReport Quantize(
        WeightFile source, string target, QuantizationOptions options, IProgress<WeightProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentNullException.ThrowIfNull(options);
        if (!DataTypes.Contains(options.DataType, StringComparer.Ordinal))
        {
            string cure = WeightEncoding.CanEncode(options.DataType) ? $" pondus convert --dtype {options.DataType} rounds to it." : string.Empty;
            throw new ArgumentException($"quantize: expected one of {string.Join(", ", DataTypes)}, got {options.DataType}.{cure}", nameof(options));
        }

        IWeightFormat format = WeightTarget.FormatOf(target, options.Format);
        WeightTarget.RefuseOverwriting(target, source.Path);
        IReadOnlyList<WeightEntry> entries = QuantizedTensors.Restored(source.Entries, source.Metadata);
        WeightEntry[] chosen = [.. entries.Where(entry => WhyKept(entry, options) is null)];
        if (chosen.Length == 0)
        {
            throw new ArgumentException($"{source.Path}: expected a floating-point tensor of two axes and more to quantize to {options.DataType}, got none that fits.", nameof(options));
        }

        if (!format.Holds(options.DataType))
        {
            string able = string.Join(", ", WeightFormats.All.Where(other => other.CanWrite && other.Holds(options.DataType)).Select(static other => other.Name));
            throw new NotSupportedException($"{target}: expected a format that holds {options.DataType} ({able}), got {format.Name}.");
        }

        if (options.DataType == Int8)
        {
            QuantizedTensors.RefuseWithoutMetadata(target, format);
        }

        HashSet<WeightEntry> quantized = [.. chosen];
        List<WeightEntry> written = [];
        List<TensorError> tensors = [];
        ErrorSums total = new();
        long done = 0, all = entries.Sum(static entry => entry.ByteCount);
        foreach (WeightEntry entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (quantized.Contains(entry))
            {
                int before = written.Count;
                WeightEntry restored = Add(written, entry, options.DataType);
                tensors.Add(TensorError.Measure(entry, restored) with { To = options.DataType, BytesAfter = written.Skip(before).Sum(static other => other.ByteCount) });
                total.Add(entry, restored);
            }
            else
            {
                written.Add(entry);
            }

            done += entry.ByteCount;
            progress?.Report(new WeightProgress("quantizing", done, all));
        }

        string[] clashes = [.. written.GroupBy(static entry => entry.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1).Select(static group => group.Key)];
        if (clashes.Length > 0)
        {
            throw new ArgumentException($"{source.Path}: expected no tensors with the names of scales, got {string.Join(", ", clashes)}.", nameof(source));
        }

        WeightTarget.RefuseTypes(target, format, written, asked: options.DataType);
        Dictionary<string, string> metadata = WeightTarget.Lineage(source.Metadata, "pondus.quantized_from", [(source, WeightDigest.Compute(source.Entries))]);
        metadata[QuantizedTensors.MetadataKey] = options.DataType == Int8 ? QuantizedTensors.PerChannel : options.DataType;
        string path = WeightTarget.Save(format, target, written, metadata, source, 0, progress, cancellationToken);
        return new OperationReport(
            path,
            tensors,
            total.ToError("all", string.Empty, options.DataType) with { BytesBefore = chosen.Sum(static entry => entry.ByteCount), BytesAfter = tensors.Sum(static tensor => tensor.BytesAfter) },
            [.. entries.Where(entry => !quantized.Contains(entry)).Select(entry => (entry.Name, WhyKept(entry, options)!))]);
    }

    private static string? WhyKept(WeightEntry entry, QuantizationOptions options)
    {
        if (!WeightEncoding.IsFloating(entry.DataType))
        {
            return entry.DataType;
        }

        if (options.Keep.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, entry.Name, ignoreCase: false)))
        {
            return "asked for";
        }

        if (entry.Shape.Length < 2)
        {
            return "fewer than two axes";
        }

        int block = WeightTypes.Layout(options.DataType)!.Value.Elements;
        return entry.Count == 0 ? "empty" : entry.Shape[^1] % block != 0 ? $"rows of {entry.Shape[^1]} are no whole blocks of {block}" : null;
    }

    // Adds what is written for a tensor, and gives the values that this stands for.
    private static WeightEntry Add(List<WeightEntry> written, WeightEntry entry, string dataType)
    {
        if (dataType != Int8)
        {
            WeightEntry cast = CastEntry.Of(entry, entry.Name, dataType);
            written.Add(cast);
            return cast;
        }

        long channels = entry.Shape[0];
        WeightEntry codes = ComputedEntry.Of(entry.Name, Int8, entry.Shape, () => PerChannel(entry).Codes);
        WeightEntry scales = ComputedEntry.Of(entry.Name + QuantizedTensors.ScaleSuffix, "float32", [channels], () => PerChannel(entry).Scales);
        written.Add(codes);
        written.Add(scales);
        return QuantizedTensors.Restore(codes, scales);
    }

    private static (byte[] Codes, byte[] Scales) PerChannel(WeightEntry entry)
    {
        const int largest = 127;
        double[] values = WeightValues.Read(entry);
        int channels = (int)entry.Shape[0], width = values.Length / channels;
        byte[] codes = new byte[values.Length], scales = new byte[4 * channels];
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<double> row = values.AsSpan(channel * width, width);
            double magnitude = 0;
            foreach (double value in row)
            {
                if (!double.IsFinite(value))
                {
                    throw new NotSupportedException($"Tensor '{entry.Name}': expected finite values to quantize, got {value} in channel {channel}.");
                }

                magnitude = Math.Max(magnitude, Math.Abs(value));
            }

            // Rounded before it is used, so that codes are nearest for the scale that is stored.
            float scale = (float)(magnitude / largest);
            scale = scale > 0 ? scale : 1f;
            BinaryPrimitives.WriteSingleLittleEndian(scales.AsSpan(4 * channel), scale);
            for (int i = 0; i < width; i++)
            {
                codes[(channel * width) + i] = (byte)(sbyte)Math.Clamp(Math.Round(row[i] / scale, MidpointRounding.ToEven), -largest, largest);
            }
        }

        return (codes, scales);
    }
}
