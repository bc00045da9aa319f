using System.Security.Cryptography;
using Pondus.Formats;
using Pondus.Formats.Gguf;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Gguf;

public sealed class GgufWriterTests
{
    [Fact]
    public void Save_Open_GivesTheSameEntriesAndValues()
    {
        using TestFolder folder = new();
        string path = folder.File("a.gguf");
        Dictionary<string, GgufValue> values = new(StringComparer.Ordinal)
        {
            ["general.architecture"] = GgufValue.OfText("mlp"),
            ["general.alignment"] = GgufValue.OfUInt32(64),
            ["mlp.scale"] = GgufValue.OfSingle(0.1f),
            ["mlp.flag"] = GgufValue.OfBoolean(true),
            ["mlp.words"] = GgufValue.OfTexts("", "größe"),
            ["mlp.numbers"] = GgufValue.OfInt32s(1, -2),
            ["mlp.scores"] = GgufValue.OfSingles(0.5f, -1),
        };
        GgufWriter.Save(path, Sample(), values);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(["w", "scalar", "none", "half", "q"], file.Entries.Select(entry => entry.Name), StringComparer.Ordinal);
        Assert.Equal(WeightDigest.Compute(Sample()), WeightDigest.Compute(file.Entries));
        Assert.Equal(64, file.Alignment);
        Assert.Equal(
            ["mlp", "64", "0.1", "true", "[\"\", \"größe\"]", "[1, -2]", "[0.5, -1]"],
            file.Metadata.Values, StringComparer.Ordinal);
        Assert.Equal(["a.gguf"], folder.Names());
    }

    [Fact]
    public void Save_WithTheSourceOfTheTexts_KeepsTheirTypes()
    {
        using TestFolder folder = new();
        GgufWriter.Save(folder.File("a.gguf"), Sample(), new Dictionary<string, GgufValue>(StringComparer.Ordinal) { ["k"] = GgufValue.OfUInt32(7), ["changed"] = GgufValue.OfUInt32(7) });
        using GgufFile source = GgufFile.Open(folder.File("a.gguf"));
        Dictionary<string, string> texts = new(source.Metadata, StringComparer.Ordinal) { ["changed"] = "8", ["parent"] = "abc" };
        new GgufFormat().Save(folder.File("b.gguf"), source.Entries, texts, source);
        using GgufFile copy = GgufFile.Open(folder.File("b.gguf"));
        Assert.Equal(GgufValueType.UInt32, copy.Values["k"].Type);
        Assert.Equal(GgufValueType.Text, copy.Values["changed"].Type);
        Assert.Equal("abc", copy.Values["parent"].AsText());
        Assert.Equal("unknown", copy.Values["general.architecture"].AsText());
        Assert.Equal(2, copy.Values["general.quantization_version"].AsInt64());
    }

    [Fact]
    public void Save_NumbersThatHaveBeenTexts_AreNumbersAgain()
    {
        // As they come from a safetensors file that a GGUF file was converted to.
        Dictionary<string, string> texts = new(StringComparer.Ordinal) { ["general.alignment"] = "64", ["general.quantization_version"] = "3", ["k"] = "7" };
        using TestFolder folder = new();
        new GgufFormat().Save(folder.File("a.gguf"), Sample(), texts);
        using GgufFile file = GgufFile.Open(folder.File("a.gguf"));
        Assert.Equal(64, file.Alignment);
        Assert.Equal(GgufValueType.UInt32, file.Values["general.quantization_version"].Type);
        Assert.Equal(3, file.Values["general.quantization_version"].AsInt64());
        Assert.Equal("7", file.Values["k"].AsText());
    }

    [Fact]
    public void SaveParts_OpenTheFirst_GivesAllTensors()
    {
        using TestFolder folder = new();
        // w has 24 bytes, the scalar 4, half 4, q 34: a part takes w, scalar, none and half, the next q.
        IReadOnlyList<string> paths = GgufWriter.SaveParts(folder.File("a.gguf"), Sample(), 32);
        Assert.Equal([folder.File("a-00001-of-00002.gguf"), folder.File("a-00002-of-00002.gguf")], paths, StringComparer.Ordinal);
        using GgufFile file = GgufFile.Open(paths[0]);
        Assert.Equal(WeightDigest.Compute(Sample()), WeightDigest.Compute(file.Entries));
        Assert.Equal("5", file.Metadata["split.tensors.count"]);
        GgufWriter.Save(folder.File("whole.gguf"), file.Entries, file.Values);
        using GgufFile whole = GgufFile.Open(folder.File("whole.gguf"));
        Assert.DoesNotContain("split.count", whole.Metadata.Keys);
        Assert.Equal([folder.File("one.gguf")], GgufWriter.SaveParts(folder.File("one.gguf"), Sample(), 1000), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("w", "float32", new long[] { 0 }, "x.gguf: tensor 'w': expected each name once, got it twice.")]
    [InlineData("v", "complex64", new long[] { 0 }, "x.gguf: tensor 'v': expected a type that GGUF has, got complex64.")]
    [InlineData("v", "float32", new long[] { 1, 1, 1, 1, 0 }, "x.gguf: tensor 'v': expected at most 4 dimensions and rows of whole blocks of 1, got float32 (1, 1, 1, 1, 0).")]
    [InlineData("v", "q8_0", new long[] { 0, 16 }, "x.gguf: tensor 'v': expected at most 4 dimensions and rows of whole blocks of 32, got q8_0 (0, 16).")]
    public void Save_WhatTheFormatCannotHold_IsRefusedBeforeWriting(string name, string dataType, long[] shape, string message)
    {
        WeightEntry[] entries = [new("w", "float32", [0], Array.Empty<byte>()), new(name, dataType, shape, Array.Empty<byte>())];
        ArgumentException error = Assert.Throws<ArgumentException>(() => GgufWriter.Save("x.gguf", entries));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("x.gguf"));
    }

    [Theory]
    [InlineData("quantized.gguf")]
    [InlineData("kquants_iquants.gguf")]
    [InlineData("metadata.gguf")]
    [InlineData("plain_types.gguf")]
    [InlineData("tiny_llama.gguf")]
    public void Save_WhatGgufPyWrote_GivesTheSameFile(string name)
    {
        string path = TestData.PathOf($"fixtures/gguf/{name}");
        using GgufFile file = GgufFile.Open(path);
        using TestFolder folder = new();
        GgufWriter.Save(folder.File("copy.gguf"), file.Entries, file.Values);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.File("copy.gguf")));
    }

    [Fact]
    public void Save_ReadByGgufPy_GivesTheSameBitsAndMetadata()
    {
        using TestFolder folder = new();
        string path = folder.File("a.gguf");
        List<WeightEntry> entries = [.. Sample()];
        float[] values = [.. Enumerable.Range(0, 512).Select(i => MathF.Sin(i) * 3)];
        foreach (string dataType in BlockQuantizer.DataTypes)
        {
            byte[] bytes = new byte[BlockQuantizer.ByteCount(dataType, values.Length)];
            BlockQuantizer.Encode(dataType, values, bytes);
            entries.Add(new WeightEntry(dataType, dataType, [2, 256], bytes));
        }

        GgufWriter.Save(path, entries, new Dictionary<string, GgufValue>(StringComparer.Ordinal) { ["mlp.words"] = GgufValue.OfTexts("a", "größe"), ["mlp.scale"] = GgufValue.OfSingle(0.5f) });
        const string script = """
            import hashlib, sys
            from gguf import GGUFReader
            r = GGUFReader(sys.argv[1])
            for t in sorted(r.tensors, key=lambda t: t.name):
                print(t.name, t.tensor_type.name.lower(), [int(n) for n in reversed(t.shape)], hashlib.sha256(t.data.tobytes()).hexdigest())
            print({k: r.fields[k].contents() for k in ('general.architecture', 'mlp.words', 'mlp.scale')})
            """;
        IEnumerable<string> lines = entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry =>
            $"{entry.Name} {GgufPyName(entry.DataType)} [{string.Join(", ", entry.Shape.ToArray())}] {Convert.ToHexStringLower(SHA256.HashData(entry.ReadBytes()))}");
        Assert.Equal(
            [.. lines, "{'general.architecture': 'unknown', 'mlp.words': ['a', 'größe'], 'mlp.scale': 0.5}"],
            Peers.RunPython(["-c", script, path]).Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    }

    private static string GgufPyName(string dataType) => dataType switch { "float32" => "f32", "float16" => "f16", "bfloat16" => "bf16", "int64" => "i64", _ => dataType };

    private static WeightEntry[] Sample() =>
    [
        WeightEntry.OfSingle("w", [2, 3], new[] { 1f, 2f, 3f, 4f, 5f, -6.5f }),
        WeightEntry.OfSingle("scalar", [], new[] { 7f }),
        WeightEntry.OfSingle("none", [0], Array.Empty<float>()),
        new("half", "float16", [2], new byte[] { 0, 0x3C, 0, 0x40 }),
        new("q", "q8_0", [1, 32], new byte[34]),
    ];
}
