using System.Text;
using Pondus.Formats;
using Pondus.Formats.Flax;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Flax;

public sealed class FlaxFileTests
{
    // Files of Flax whose leaves are all arrays; the last was written with chunks of 64 bytes.
    [Theory]
    [InlineData("cnn.msgpack", 1 << 30)]
    [InlineData("attention.msgpack", 1 << 30)]
    [InlineData("chunked.msgpack", 64)]
    public void Save_ContentOfAFileOfFlax_GivesItsBytes(string name, long maxChunkBytes)
    {
        string path = TestData.PathOf($"fixtures/jax/{name}");
        using WeightFile file = WeightFile.Open(path);
        using TestFolder folder = new();
        FlaxWriter.Save(folder.File("a.msgpack"), file.Entries, maxChunkBytes);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.File("a.msgpack")));
    }

    [Fact]
    public void Open_NumbersAndTexts_AreMetadata()
    {
        using WeightFile file = WeightFile.Open(TestData.PathOf("fixtures/jax/types.msgpack"));
        Assert.Equal("2.5", file.Metadata["numpy_scalar"]);
        Assert.Equal("3", file.Metadata["python/int"]);
        Assert.Equal("0.1", file.Metadata["python/float"]);
        Assert.Equal("größe", file.Metadata["python/str"]);
        Assert.Equal("(1, 2)", file.Metadata["python/complex"]);
        Assert.Equal("null", file.Metadata["python/none"]);
        Assert.Equal("true", file.Metadata["python/bool"]);
        Assert.Equal("1099511627776", file.Metadata["python/big"]);
    }

    // Worked by hand: {"w": extension 1 of 17 bytes: [[2], "float16", 4 bytes]}, and with 2 of them, and cut short.
    [Theory]
    [InlineData("81 A1 77 C7 11 01 93 91 02 A7 66 6C 6F 61 74 31 36 C4 04 00 3C 00 C0", null)]
    [InlineData("81 A1 77 C7 0F 01 93 91 02 A7 66 6C 6F 61 74 31 36 C4 02 00 3C", "at byte 19: tensor 'w': expected as many bytes as float16 (2) takes, got 2.")]
    [InlineData("81 A1 77 C7 11 01 93 91 02 A7 66 6C 6F 61 74 31 36 C4 04 00 3C 00", "at byte 6: expected 17 more bytes, got 16. The file is cut short.")]
    [InlineData("82 A1 77 C0 A1 77 C0", "at byte 6: '': expected each key once, got 'w' twice.")]
    [InlineData("81 A1 77 C1", "at byte 4: expected a value, got byte 0xC1, which begins none.")]
    [InlineData("81 A1 77 C0 00", "at byte 4: expected the end of the file, got 1 more bytes.")]
    [InlineData("81 A1 77 DF FF FF FF FF", "at byte 8: expected 8589934590 more bytes, got 0. The file is cut short.")]
    [InlineData("81 A1 77 C9 FF FF FF FF 01", "at byte 9: expected 4294967295 more bytes, got 0. The file is cut short.")]
    public void Open_HandMadeFile_IsReadOrNamesTheByte(string hex, string? message)
    {
        using TestFolder folder = new();
        string path = folder.Write("a.msgpack", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        if (message is null)
        {
            using WeightFile file = WeightFile.Open(path);
            Assert.Equal([1f, -2f], file.ReadSingle("w"));
            return;
        }

        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Equal($"{path} {message}", error.Message);
    }

    [Fact]
    public void Open_MapsWithoutEnd_AreRefused()
    {
        using TestFolder folder = new();
        byte[] deep = [.. Enumerable.Repeat(new byte[] { 0x81, 0xA1, 0x61 }, 100_000).SelectMany(static part => part), 0xC0];
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(folder.Write("a.msgpack", deep)));
        Assert.EndsWith("expected at most 64 maps within each other and names of 4096 characters, got more.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LongNameOfManySmallArrays_IsRefused()
    {
        // 12,000 arrays of 19 bytes under a key of 4,000 letters would take 96 MB of names.
        const int arrays = 12_000, letters = 4000;
        List<byte> bytes = [0x81, 0xDA, letters >> 8, letters & 0xFF, .. Enumerable.Repeat((byte)'n', letters), 0xDE, arrays >> 8, arrays & 0xFF];
        for (int i = 0; i < arrays; i++)
        {
            bytes.AddRange([0xA5, .. Encoding.ASCII.GetBytes($"{i:D5}"), 0xC7, 10, 1, 0x93, 0x90, 0xA4, .. "int8"u8, 0xC4, 1, 0]);
        }

        using TestFolder folder = new();
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(folder.Write("a.msgpack", [.. bytes])));
        Assert.EndsWith("expected at most 40000000 letters of names, got more.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    public void Save_NameThatIsTheBeginningOfAnother_IsRefused(string first, string second)
    {
        using TestFolder folder = new();
        WeightEntry[] entries = [WeightEntry.OfSingle(first, [1], new[] { 1f }), WeightEntry.OfSingle(second, [1], new[] { 1f })];
        ArgumentException error = Assert.Throws<ArgumentException>(() => FlaxWriter.Save(folder.File("a.msgpack"), entries));
        Assert.Contains($"tensor '{second}': expected each name once, and no name that is the beginning of another, got both.", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }
}
