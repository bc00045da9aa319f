using System.Globalization;
using System.Text.Json;
using Pondus.Formats.Archives;

namespace Pondus.Formats.PyTorch;

/// <summary>Writes files of torch.save: a state dictionary in a zip archive, which <c>torch.load(weights_only=True)</c> reads.</summary>
public static class PyTorchWriter
{
    private const int Alignment = 64;

    /// <summary>Writes tensors to a file, in one step: an existing file is replaced whole or not at all.</summary>
    /// <remarks>The tensors come in the order given. The bytes begin at multiples of 64, so that <c>mmap=True</c> works.</remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing.</param>
    /// <param name="metadata">Texts to keep in a member of their own that PyTorch passes over, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a type is none of PyTorch's.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, IEnumerable<WeightEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<WeightEntry> list = [.. entries];
        WriterChecks.Require(path, list, static entry =>
            TorchTypes.Writing(entry.DataType) is null || (entry.DataType == "float4_e2m1fn" && (entry.Shape.Length == 0 || entry.Shape[^1] % 2 != 0))
                ? $"expected a type that PyTorch has, got {entry.DataType} ({string.Join(", ", entry.Shape.ToArray())})"
                : null);
        byte[] pickle = Pickle(list);
        AtomicFile.Write(path, stream => Write(stream, pickle, list, metadata));
    }

    private static void Write(Stream stream, byte[] pickle, List<WeightEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        const string folder = "archive/";
        ZipWriter zip = new(stream, Alignment);
        zip.Add(folder + "data.pkl", pickle);
        zip.Add(folder + ".format_version", "1"u8.ToArray());
        zip.Add(folder + ".storage_alignment", "64"u8.ToArray());
        zip.Add(folder + "byteorder", "little"u8.ToArray());
        for (int i = 0; i < entries.Count; i++)
        {
            zip.Add($"{folder}data/{Key(i)}", entries[i].ByteCount, write => entries[i].ForEachPart(write, static (part, bytes, length) => part(bytes.AsSpan(0, length))));
        }

        zip.Add(folder + "version", "3\n"u8.ToArray());
        if (metadata is { Count: > 0 })
        {
            zip.Add(folder + TorchArchive.MetadataMember, Json(metadata));
        }

        zip.Finish();
    }

    private static byte[] Pickle(List<WeightEntry> entries)
    {
        PickleWriter pickle = new();
        EmptyDictionary(pickle);
        pickle.Mark();
        for (int i = 0; i < entries.Count; i++)
        {
            pickle.Text(entries[i].Name);
            WriteTensor(pickle, entries[i], Key(i));
        }

        pickle.SetItems();
        return pickle.Finish();
    }

    private static void WriteTensor(PickleWriter pickle, WeightEntry entry, string key)
    {
        (string torch, string? storage, int bytes) = TorchTypes.Writing(entry.DataType)!.Value;
        long[] shape = entry.Shape.ToArray();
        if (entry.DataType == "float4_e2m1fn")
        {
            // PyTorch counts bytes, of two values each.
            shape[^1] /= 2;
        }

        pickle.Global("torch._utils", storage is null ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
        pickle.Mark();
        pickle.Mark();
        pickle.SharedText("storage");
        pickle.Global(storage is null ? "torch.storage" : "torch", storage ?? "UntypedStorage");
        pickle.Text(key);
        pickle.SharedText("cpu");
        pickle.Integer(storage is null ? entry.ByteCount : entry.ByteCount / bytes);
        pickle.Tuple();
        pickle.PersistentId();
        pickle.Integer(0);
        pickle.Integers(shape);
        pickle.Integers(Strides(shape));
        pickle.False();
        EmptyDictionary(pickle);
        if (storage is null)
        {
            pickle.Global("torch", torch);
        }

        pickle.Tuple();
        pickle.Reduce();
    }

    private static void EmptyDictionary(PickleWriter pickle)
    {
        pickle.Global("collections", "OrderedDict");
        pickle.EmptyTuple();
        pickle.Reduce();
    }

    private static long[] Strides(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long step = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            // An empty tensor may have sizes whose product overflows; its strides do not matter.
            step = step > long.MaxValue / Math.Max(1, shape[axis]) ? step : step * Math.Max(1, shape[axis]);
        }

        return strides;
    }

    private static string Key(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static byte[] Json(IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            foreach ((string key, string value) in metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
