using Pondus.Formats;
using Pondus.Formats.Hdf5;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Hdf5;

public sealed class Hdf5FileTests
{
    [Fact]
    public void Save_TensorsInGroups_OpensWithPathsTypesAndMetadata()
    {
        using TestFolder folder = new();
        string path = folder.File("a.hdf5");
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["note"] = "größe", ["empty"] = "" };

        WeightFormats.ForWriting(path)!.Save(path, [WeightEntry.OfSingle("a/b", [2], new[] { 1f, 2f }), new WeightEntry("a/c", "bfloat16", [2], new byte[] { 0x80, 0x3f, 0x40, 0x40 })], metadata);

        using WeightFile file = WeightFile.Open(path);
        Assert.Equal("hdf5", file.Format);
        Assert.Equal(["a/b float32 (2)", "a/c bfloat16 (2)"], file.Entries.Select(static entry => entry.ToString()));
        Assert.Equal([1f, 3f], file.ReadSingle("a/c"));
        Assert.Equal(metadata, file.Metadata);
        Assert.Empty(file.Remarks);
    }

    [Fact]
    public void Save_ATypeOfBlocks_IsRefused()
    {
        using TestFolder folder = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightFormats.Find("hdf5")!.Save(
            folder.File("a.h5"), [new WeightEntry("w", "q8_0", [32], new byte[34])], new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.StartsWith($"{folder.File("a.h5")}: tensor 'w': expected a type that HDF5 holds, got q8_0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SuperblockBehindOtherBytes_CountsAddressesFromThere()
    {
        using TestFolder folder = new();
        string path = folder.File("a.h5");
        WeightFormats.Find("hdf5")!.Save(path, [WeightEntry.OfSingle("w", [2], new[] { 1f, 2f })], new Dictionary<string, string>(StringComparer.Ordinal));

        using WeightFile file = WeightFile.Open(folder.Write("b.h5", [.. new byte[1024], .. File.ReadAllBytes(path)]));

        Assert.Equal([1f, 2f], file.ReadSingle("w"));
    }

    [Fact]
    public void Read_PartsOfBigEndianAndChunkedTensors_AreThoseOfTheWhole()
    {
        using WeightFile file = Hdf5File.Open(TestData.PathOf("fixtures/hdf5/chunks_earliest.h5"));
        using WeightFile types = Hdf5File.Open(TestData.PathOf("fixtures/hdf5/types.h5"));
        foreach (WeightEntry entry in (WeightEntry[])[.. file.Entries, .. types.Entries])
        {
            byte[] whole = entry.ReadBytes();
            for (int offset = 0; offset < whole.Length; offset += 7)
            {
                byte[] part = new byte[Math.Min(13, whole.Length - offset)];
                entry.Read(offset, part);
                Assert.True(whole.AsSpan(offset, part.Length).SequenceEqual(part), $"{entry.Name} at {offset}");
            }
        }
    }

    // What the table of the fixture leaves out; its script writes these values.
    [Fact]
    public void Open_TypesBesideTheUsualOnes_GivesTheirValuesOrNamesThem()
    {
        using WeightFile file = Hdf5File.Open(TestData.PathOf("fixtures/hdf5/types.h5"));
        Assert.Equal("bfloat16 (3)", file.Find("bfloat16")!.ToString()["bfloat16 ".Length..]);
        Assert.Equal([1.5f, -2f, 3.25f], file.ReadSingle("bfloat16"));
        Assert.Equal(new byte[] { 0, 2 }, file.Find("enum")!.ReadBytes());
        Assert.Equal([2L, 2, 2], file.Find("array")!.Shape.ToArray());
        string[] refused = [.. file.Remarks.Where(static remark => remark.Kind == WeightRemarkKind.Refused).Select(static remark => remark.Subject).Order(StringComparer.Ordinal)];
        Assert.Equal(["compound", "enum2", "fixed_string", "null", "opaque", "references", "variable_length", "variable_string"], refused);
        Assert.Contains(new WeightRemark(WeightRemarkKind.Refused, "enum2", "expected numbers, got names of values (GREEN, RED)."), file.Remarks);
    }

    [Fact]
    public void Open_Attributes_AreMetadata()
    {
        foreach (string name in new[] { "attributes_earliest.h5", "attributes_latest.h5" })
        {
            using WeightFile file = Hdf5File.Open(TestData.PathOf($"fixtures/hdf5/{name}"));
            Assert.Equal("""["dense_1", "dense_2"]""", file.Metadata["layer_names"]);
            Assert.Equal("größe ✓", file.Metadata["text"]);
            Assert.Equal("""["one", "größe"]""", file.Metadata["variable"]);
            Assert.Equal("[0, 1, 2, 3, 4]", file.Metadata["numbers"]);
            Assert.Equal("0.1", file.Metadata["scalar"]);
            Assert.Equal("10.5", file.Metadata["w@attribute 007"]);
        }
    }

    [Fact]
    public void Open_FiltersThatAreNotUndone_AreNamed()
    {
        using WeightFile file = Hdf5File.Open(TestData.PathOf("fixtures/hdf5/other_filters.h5"));
        Assert.Equal(new WeightRemark(WeightRemarkKind.Refused, "scaleoffset", "expected the filters gzip, shuffle, fletcher32 or lzf, got scaleoffset (6)."), Assert.Single(file.Remarks));
    }
}
