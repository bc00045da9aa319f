using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Archives;
using Pondus.Formats.PyTorch;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.PyTorch;

public sealed class PyTorchWriterTests
{
    // Prints name, type, sizes and checksum of every tensor, of the file loaded and of the file mapped into memory.
    private const string Script = """
        import hashlib, json, sys, torch
        def rows(tensors):
            out = []
            for name, value in tensors.items():
                data = value.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if value.numel() else b""
                out.append([name, str(value.dtype).removeprefix("torch."), list(value.shape), hashlib.sha256(data).hexdigest()])
            return out
        loaded = rows(torch.load(sys.argv[1], weights_only=True))
        mapped = rows(torch.load(sys.argv[1], weights_only=True, mmap=True))
        assert loaded == mapped, (loaded, mapped)
        print(json.dumps(loaded))
        """;

    private static readonly string[] s_types =
    [
        "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128", "complex32",
        "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "float4_e2m1fn",
    ];

    [Fact]
    public void Save_Open_GivesTheSameEntriesAndMetadata()
    {
        using TestFolder folder = new();
        string path = folder.File("a.pt");
        WeightEntry[] entries = [.. Sample()];
        PyTorchWriter.Save(path, entries, new Dictionary<string, string>(StringComparer.Ordinal) { ["parent"] = "größe \"1\"", ["a"] = "" });
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal(entries.Select(static entry => entry.ToString()), file.Entries.Select(static entry => entry.ToString()));
        Assert.Equal(WeightDigest.Compute(entries), WeightDigest.Compute(file.Entries));
        Assert.Equal("größe \"1\"", file.Metadata["parent"]);
        Assert.Equal(2, file.Metadata.Count);
        Assert.Empty(file.Remarks);
        Assert.Equal(["a.pt"], folder.Names());
    }

    [Fact]
    public void Save_Twice_GivesTheSameBytes()
    {
        using TestFolder folder = new();
        PyTorchWriter.Save(folder.File("a.pt"), Sample());
        PyTorchWriter.Save(folder.File("b.pt"), Sample());
        Assert.Equal(File.ReadAllBytes(folder.File("a.pt")), File.ReadAllBytes(folder.File("b.pt")));
    }

    [Fact]
    public void Save_Members_BeginAtMultiplesOf64AndHaveTheirChecksums()
    {
        using TestFolder folder = new();
        string path = folder.File("a.pt");
        PyTorchWriter.Save(path, Sample());
        using RandomAccessFile file = RandomAccessFile.Open(path, "an archive");
        Assert.All(new ZipIndex(file).Members, static member => Assert.Equal(0, member.DataOffset % 64));

        // The base library's own reader checks what it reads against the checksums.
        using System.IO.Compression.ZipArchive zip = System.IO.Compression.ZipFile.OpenRead(path);
        Assert.All(zip.Entries, static entry =>
        {
            using Stream stream = entry.Open();
            stream.CopyTo(Stream.Null);
        });
    }

    [Theory]
    [InlineData("w", "float32", "x.pt: tensor 'w': expected each name once, got it twice.")]
    [InlineData("v", "q4_0", "x.pt: tensor 'v': expected a type that PyTorch has, got q4_0 (0).")]
    public void Save_WhatTheFormatCannotHold_IsRefusedBeforeWriting(string name, string dataType, string message)
    {
        WeightEntry[] entries = [new("w", "float32", [0], Array.Empty<byte>()), new(name, dataType, [0], Array.Empty<byte>())];
        ArgumentException error = Assert.Throws<ArgumentException>(() => PyTorchWriter.Save("x.pt", entries));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("x.pt"));
    }

    [Fact]
    public void Save_EveryType_IsReadByPyTorchBitForBit()
    {
        using TestFolder folder = new();
        string path = folder.File("a.pt");
        WeightEntry[] entries = [.. Sample()];
        PyTorchWriter.Save(path, entries, new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        using JsonDocument read = JsonDocument.Parse(Peers.RunPython(["-c", Script, path]));
        Assert.Equal(
            entries.Select(static entry => $"{entry} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(entry.ReadBytes()))}"),
            read.RootElement.EnumerateArray().Select(static row => Row(row)));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama_bf16")]
    public void Save_WeightsOfATransformer_AreTakenByTransformersBitForBit(string name)
    {
        string original = TestData.PathOf($"fixtures/transformers/{name}");
        using TestFolder folder = new();
        folder.Write("config.json", File.ReadAllBytes(Path.Combine(original, "config.json")));
        using (WeightFile file = WeightFile.Open(Path.Combine(original, "model.safetensors")))
        {
            PyTorchWriter.Save(folder.File("pytorch_model.bin"), file.Entries, file.Metadata);
        }

        const string script = """
            import sys, torch
            from transformers import AutoModelForCausalLM
            theirs, ours = (AutoModelForCausalLM.from_pretrained(path).state_dict() for path in sys.argv[1:])
            assert theirs.keys() == ours.keys() and all(torch.equal(theirs[key], ours[key]) and theirs[key].dtype == ours[key].dtype for key in theirs)
            print(len(ours))
            """;
        Assert.True(int.Parse(Peers.RunPython(["-c", script, original, folder.FullPath]).Trim().Split('\n')[^1], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Theory]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("", 0)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Crc32_KnownTexts_HaveTheirKnownChecksums(string text, uint checksum)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(checksum, Crc32.Append(0, bytes));
        Assert.Equal(checksum, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, bytes.Length / 3)), bytes.AsSpan(bytes.Length / 3)));
    }

    private static string Row(JsonElement row)
    {
        string type = row[1].GetString()!;
        long[] shape = [.. row[2].EnumerateArray().Select(static size => size.GetInt64())];
        if (type == "float4_e2m1fn_x2")
        {
            // PyTorch counts bytes, of two values each.
            (type, shape[^1]) = ("float4_e2m1fn", 2 * shape[^1]);
        }

        return $"{row[0].GetString()} {type} ({string.Join(", ", shape)}) {row[3].GetString()}";
    }

    private static IEnumerable<WeightEntry> Sample()
    {
        RandomSource random = new(3);
        foreach (string type in s_types)
        {
            WeightLayout layout = WeightTypes.Layout(type)!.Value;
            byte[] bytes = new byte[6 * layout.Bytes];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.NextInt32(type == "bool" ? 2 : 256);
            }

            yield return new WeightEntry($"layers.{type}", type, [3, 2 * layout.Elements], bytes);
        }

        yield return new WeightEntry("scalar", "float32", [], BitConverter.GetBytes(7f));
        yield return new WeightEntry("empty", "float32", [2, 0, 3], Array.Empty<byte>());
        yield return new WeightEntry("größe", "int8", [70_000], new byte[70_000]);
    }
}
