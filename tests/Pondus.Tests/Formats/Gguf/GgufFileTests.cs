using System.Security.Cryptography;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Gguf;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Open_ShapesAndMetadata_AreAsTheFileHasThem()
    {
        byte[] bytes = GgufBytes.Start(3, 1, 2)
            .Text("general.architecture").UInt32(8).Text("llama")
            .Text("numbers").UInt32(9).UInt32(5).Int64(3).UInt32(1).UInt32(unchecked((uint)-2)).UInt32(3)
            .Tensor("t", 0, 0, 3, 2).End(32, 24);
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(folder.Write("without an ending", bytes));
        Assert.Equal("gguf", file.Format);
        Assert.Equal("t float32 (2, 3)", file.Entries[0].ToString());
        Assert.Equal([new("general.architecture", "llama"), new("numbers", "[1, -2, 3]")], file.Metadata);
        Assert.Equal([1, -2, 3], ((GgufFile)file).Values["numbers"].AsInt64s());
    }

    [Fact]
    public void Values_EveryType_AreWhatGgufPyWrote()
    {
        using JsonDocument expected = Expected("metadata.gguf");
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/metadata.gguf"));
        Assert.Equal(64, file.Alignment);
        foreach (JsonProperty item in expected.RootElement.GetProperty("metadata").EnumerateObject())
        {
            AssertValue(item.Value.GetProperty("type").GetString()!, item.Value.GetProperty("value"), file.Values[item.Name]);
        }

        Assert.Equal("[0, 51, 102, 153, 204, 255]", file.Metadata["array.u8s"]);
        Assert.Equal("naïve 層 😀\n\ttab", file.Metadata["test.string"]);
        Assert.Equal("18446744073709551615", file.Metadata["test.u64"]);
    }

    [Fact]
    public void Values_NestedArrays_AreKept()
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/nested_arrays.gguf"));
        Assert.Equal("[[1, 2, 3], [4], [5, 6]]", file.Metadata["nested"]);
        Assert.Equal([[1, 2, 3], [4], [5, 6]], file.Values["nested"].AsItems().Select(item => item.AsInt64s()));
        Assert.Equal("still here", file.Values["after"].AsText());
    }

    [Fact]
    public void Read_BigEndianInParts_GivesLittleEndianBytes()
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/big_endian.gguf"));
        Assert.True(file.IsBigEndian);
        WeightEntry entry = file.Find("f64")!;
        byte[] whole = entry.ReadBytes();
        for (int offset = 0; offset < 20; offset++)
        {
            byte[] part = new byte[13];
            entry.Read(offset, part);
            Assert.Equal(whole[offset..(offset + 13)], part);
        }
    }

    [Fact]
    public void Open_OneMissingPart_NamesIt()
    {
        using TestFolder folder = new();
        Copy(folder, 1);
        Copy(folder, 3);
        string path = folder.File("split-00001-of-00003.gguf");
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => GgufFile.Open(path));
        Assert.Equal($"{path} at byte 0: expected 3 parts side by side, got no split-00002-of-00003.gguf.", error.Message);
    }

    [Fact]
    public void Open_PartsMixedUp_IsRefused()
    {
        using TestFolder folder = new();
        Copy(folder, 1);
        Copy(folder, 3);
        File.Copy(folder.File("split-00003-of-00003.gguf"), folder.File("split-00002-of-00003.gguf"));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => GgufFile.Open(folder.File("split-00001-of-00003.gguf")));
        Assert.Contains("expected part 2 of 3, got another.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnotherPart_GivesItAloneAndSaysSo()
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/split-00002-of-00003.gguf"));
        Assert.Equal(3, file.Entries.Count);
        Assert.Contains("whose name ends in -00001-of-00003.gguf", Assert.Single(file.Remarks).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PartThatIsALink_IsFollowedOnlyToWhereTheFirstIs()
    {
        using TestFolder elsewhere = new(), folder = new();
        Copy(elsewhere, 1);
        Copy(elsewhere, 2);
        Copy(elsewhere, 3);
        foreach (int part in (int[])[2, 3])
        {
            File.CreateSymbolicLink(folder.File(Part(part)), elsewhere.File(Part(part)));
        }

        File.Copy(elsewhere.File(Part(1)), folder.File(Part(1)));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => GgufFile.Open(folder.File(Part(1))));
        Assert.EndsWith("expected 3 parts side by side, got split-00002-of-00003.gguf as a link to another folder. It was not followed.", error.Message, StringComparison.Ordinal);
        File.Delete(folder.File(Part(1)));
        File.CreateSymbolicLink(folder.File(Part(1)), elsewhere.File(Part(1)));
        using GgufFile file = GgufFile.Open(folder.File(Part(1)));
        Assert.Equal(7, file.Entries.Count);
    }

    [Theory]
    [InlineData("plain_types.gguf")]
    [InlineData("big_endian.gguf")]
    [InlineData("version1_handmade.gguf")]
    [InlineData("version2.gguf")]
    [InlineData("metadata.gguf")]
    [InlineData("nested_arrays.gguf")]
    [InlineData("size_only_types.gguf")]
    [InlineData("quantized.gguf")]
    [InlineData("kquants_iquants.gguf")]
    [InlineData("tiny_llama.gguf")]
    public void Open_FileOfGgufPy_GivesItsTensors(string name)
    {
        using JsonDocument expected = Expected(name);
        using GgufFile file = GgufFile.Open(TestData.PathOf($"fixtures/gguf/{name}"));
        AssertTensors(expected, file);
    }

    [Fact]
    public void Open_FirstOfThreeParts_GivesAllTensors()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("fixtures/gguf/split.expected.json")));
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/split-00001-of-00003.gguf"));
        AssertTensors(expected, file);
        Assert.Equal(3, file.Parts.Count);
        Assert.Empty(file.Remarks);
    }

    private static void AssertTensors(JsonDocument expected, GgufFile file)
    {
        JsonElement tensors = expected.RootElement.GetProperty("tensors");
        Assert.Equal(tensors.EnumerateObject().Select(item => item.Name).Order(StringComparer.Ordinal), file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach (JsonProperty tensor in tensors.EnumerateObject())
        {
            WeightEntry entry = file.Find(tensor.Name)!;
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), entry.Shape.ToArray());
            Assert.Equal(tensor.Value.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(entry.ReadBytes())));
            if (tensor.Value.TryGetProperty("values_sha256", out JsonElement values))
            {
                Assert.Equal((tensor.Name, values.GetString()), (tensor.Name, Convert.ToHexStringLower(SHA256.HashData(Bytes(entry.ReadSingle())))));
            }
        }
    }

    private static void AssertValue(string type, JsonElement expected, GgufValue value)
    {
        switch (type)
        {
            case "ARRAY" when value.ItemType == GgufValueType.Text:
                Assert.Equal(expected.EnumerateArray().Select(item => item.GetString()), value.AsTexts());
                break;
            case "ARRAY" when value.ItemType == GgufValueType.Bool:
                Assert.Equal(expected.EnumerateArray().Select(item => item.GetBoolean()), value.AsItems().Select(item => item.AsBoolean()));
                break;
            case "ARRAY":
                Assert.Equal(expected.EnumerateArray().Select(item => item.GetDouble()), value.AsDoubles());
                break;
            case "STRING":
                Assert.Equal(expected.GetString(), value.AsText());
                break;
            case "BOOL":
                Assert.Equal(expected.GetBoolean(), value.AsBoolean());
                break;
            case "FLOAT32" or "FLOAT64" when expected.ValueKind == JsonValueKind.String:
                Assert.Equal(expected.GetString() == "nan" ? double.NaN : double.PositiveInfinity, value.AsDouble());
                break;
            default:
                Assert.Equal(expected.GetDouble(), value.AsDouble());
                Assert.Equal(type, value.Type.ToString().ToUpperInvariant());
                break;
        }
    }

    private static byte[] Bytes(float[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static JsonDocument Expected(string name) => JsonDocument.Parse(File.ReadAllText(TestData.PathOf($"fixtures/gguf/{name}.expected.json")));

    private static string Part(int number) => $"split-0000{number}-of-00003.gguf";

    private static void Copy(TestFolder folder, int part) =>
        folder.Write(Part(part), File.ReadAllBytes(TestData.PathOf($"fixtures/gguf/{Part(part)}")));
}
