using System.Text.Json;
using Pondus.Formats.Archives;

namespace Pondus.Formats.PyTorch;

/// <summary>The weights of an exported program (<c>.pt2</c>): a table in JSON and a member of raw bytes for each.</summary>
/// <remarks>The graph is not read. Source: torch/export/pt2_archive of PyTorch 2.13; torch/_export/serde/schema.py for the numbers of types.</remarks>
internal static class ExportedProgram
{
    private const string WeightsEnding = "_weights_config.json";
    private const string ConstantsEnding = "_constants_config.json";

    // Before PyTorch 2.8 the weights were a file of torch.save within the archive.
    private const string OlderWeights = "serialized_state_dict.pt";
    private const int MostTableBytes = 1 << 27;

    /// <summary>Says whether an archive is one, by the names in it.</summary>
    internal static bool IsOne(IEnumerable<string> members) => members.Any(static name => name.EndsWith("archive_format", StringComparison.Ordinal) || IsTable(name) || name == OlderWeights);

    internal static bool IsOne(ZipIndex zip) => IsOne(zip.Members.Select(static member => member.Name));

    /// <summary>Reads an archive.</summary>
    internal static void Read(RandomAccessFile file, ZipIndex zip, TorchContent content)
    {
        content.Begin(file.Path, file.Length);
        content.Entries.Remark(WeightRemarkKind.Note, "models/", "an exported program: its graph was not looked at.");
        foreach (ZipMember table in zip.Members.Where(static member => IsTable(member.Name)))
        {
            bool isConstant = table.Name.EndsWith(ConstantsEnding, StringComparison.Ordinal);
            string folder = table.Name[..(table.Name.LastIndexOf('/') + 1)];
            ReadTable(file, zip, table, folder, isConstant ? "constants." : "", content);
        }

        if (zip.Find(OlderWeights) is { IsDeflated: false } older)
        {
            RandomAccessFile part = file.Slice(older.DataOffset, older.ByteCount, OlderWeights);
            content.Add("", TorchArchive.ReadValue(part, new ZipIndex(part), content.Report, content.Entries), part.Start);
        }
    }

    private static bool IsTable(string name) => name.EndsWith(WeightsEnding, StringComparison.Ordinal) || name.EndsWith(ConstantsEnding, StringComparison.Ordinal);

    private static void ReadTable(RandomAccessFile file, ZipIndex zip, ZipMember table, string folder, string prefix, TorchContent content)
    {
        try
        {
            Func<TorchStorage, StorageBytes?> storages = TorchArchive.Storages(file, zip, folder, content.Entries.Cache);
            using JsonDocument document = JsonDocument.Parse(zip.ReadAll(table, MostTableBytes));
            foreach (JsonProperty row in document.RootElement.GetProperty("config").EnumerateObject())
            {
                ReadRow(file, zip, prefix + row.Name, row.Value, folder, storages, file.Start + table.DataOffset, content);
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException and not WeightFormatException)
        {
            throw new WeightFormatException(file.Path, file.Start + table.DataOffset, $"member '{table.Name}': expected a table of weights in JSON, got other content.");
        }
    }

    private static void ReadRow(RandomAccessFile file, ZipIndex zip, string name, JsonElement row, string folder, Func<TorchStorage, StorageBytes?> storages, long offset, TorchContent content)
    {
        string key = row.GetProperty("path_name").GetString() ?? "";
        if (zip.Find(folder + key) is not { } member)
        {
            throw content.Entries.Error(offset, $"tensor '{name}': expected member '{folder}{key}' in the archive, got none.");
        }

        if (row.TryGetProperty("use_pickle", out JsonElement pickled) && pickled.ValueKind == JsonValueKind.True)
        {
            if (member.IsDeflated)
            {
                content.Entries.Remark(WeightRemarkKind.Refused, name, "expected its archive stored within the archive, got it compressed.");
                return;
            }

            RandomAccessFile part = file.Slice(member.DataOffset, member.ByteCount, $"tensor '{name}'");
            content.Add(name, TorchArchive.ReadValue(part, new ZipIndex(part), content.Report, content.Entries), part.Start);
            return;
        }

        JsonElement meta = row.GetProperty("tensor_meta");
        int number = meta.GetProperty("dtype").GetInt32();
        string? type = TypeOf(number);
        if (type is null)
        {
            content.Entries.Remark(WeightRemarkKind.Refused, name, $"expected a known element type, got number {number}.");
            return;
        }

        content.Entries.Find = storages;
        TorchStorage storage = new("torch.storage.UntypedStorage", key, member.ByteCount, 0, member.ByteCount, offset);
        long[] shape = Numbers(meta.GetProperty("sizes")), strides = Numbers(meta.GetProperty("strides"));
        if (shape.Length != strides.Length)
        {
            throw content.Entries.Error(offset, $"tensor '{name}': expected as many strides as sizes, got {strides.Length} and {shape.Length}.");
        }

        content.Entries.AddTensor(name, new TorchTensor(storage, meta.GetProperty("storage_offset").GetProperty("as_int").GetInt64(), shape, strides, offset) { Type = type });
    }

    private static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(static item => item.GetProperty("as_int").GetInt64())];

    private static string? TypeOf(int number) => number switch
    {
        1 => "torch.uint8",
        2 => "torch.int8",
        3 => "torch.int16",
        4 => "torch.int32",
        5 => "torch.int64",
        6 => "torch.float16",
        7 => "torch.float32",
        8 => "torch.float64",
        9 => "torch.complex32",
        10 => "torch.complex64",
        11 => "torch.complex128",
        12 => "torch.bool",
        13 => "torch.bfloat16",
        28 => "torch.uint16",
        29 => "torch.float8_e4m3fn",
        30 => "torch.float8_e5m2",
        31 => "torch.float8_e4m3fnuz",
        32 => "torch.float8_e5m2fnuz",
        33 => "torch.float8_e8m0fnu",
        34 => "torch.uint32",
        35 => "torch.uint64",
        _ => null,
    };
}
