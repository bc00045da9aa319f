using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;
using static Pondus.Tests.Formats.PyTorch.TorchSample;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Folders of torch.distributed.checkpoint: a table that says which part of which file holds which box of a tensor.</summary>
public sealed class DistributedCheckpointTests
{
    private const string Module = "ctorch.distributed.checkpoint.metadata\n";

    [Fact]
    public void Open_TensorInTwoBoxes_IsPutTogether()
    {
        // Rows 1 2 | 3 and 4 5 | 6: columns 0 and 1 lie in one box, column 2 in the other.
        using TestFolder folder = new();
        Write(folder, "part", ([0, 0], [2, 2], [1, 2, 4, 5]), ([0, 2], [2, 1], [3, 6]));
        using WeightFile file = WeightFile.Open(folder.FullPath);
        WeightEntry entry = Assert.Single(file.Entries);
        Assert.Equal("w float32 (2, 3)", entry.ToString());
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], entry.ReadSingle());
        byte[] whole = entry.ReadBytes();
        for (int offset = 0; offset < whole.Length; offset++)
        {
            byte[] part = new byte[Math.Min(7, whole.Length - offset)];
            entry.Read(offset, part);
            Assert.Equal(whole[offset..(offset + part.Length)], part);
        }
    }

    [Fact]
    public void Open_TheTableItself_OpensItsFolder()
    {
        using TestFolder folder = new();
        Write(folder, "part", ([0, 0], [2, 3], [1, 2, 3, 4, 5, 6]));
        using WeightFile file = WeightFile.Open(folder.File(".metadata"));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], file.ReadSingle("w"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    public void Open_BoxesThatLeaveAHoleOrOverlap_AreRefused(int column, int width)
    {
        using TestFolder folder = new();
        Write(folder, "part", ([0, 0], [2, 2], [1, 2, 4, 5]), ([0, column], [2, width], [3, 6]));
        Assert.Contains("tensor 'w': expected chunks that cover (2, 3) once, got others.", Assert.Throws<WeightFormatException>(() => WeightFile.Open(folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("..")]
    [InlineData("below/part")]
    [InlineData("a\\b")]
    [InlineData("link")]
    public void Open_PartOutsideOfTheFolder_IsNotOpened(string name)
    {
        using TestFolder outside = new(), folder = new();
        File.CreateSymbolicLink(folder.File("link"), outside.Write("target", [1]));
        Write(folder, name, ([0, 0], [2, 3], [1, 2, 3, 4, 5, 6]));
        Assert.Contains("Nothing outside of the folder is opened.", Assert.Throws<WeightFormatException>(() => WeightFile.Open(folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ManyNamesOfOnePart_IsRefused()
    {
        using TestFolder folder = new();
        Write(folder, "part", [.. Enumerable.Range(0, 50).Select(static i => (new long[] { i, 0 }, new long[] { 1, 10_000 }, new float[10_000]))], sharesPart: true);
        Assert.Contains("expected each part of the files once", Assert.Throws<WeightFormatException>(() => WeightFile.Open(folder.FullPath)).Message, StringComparison.Ordinal);
    }

    private static void Write(TestFolder folder, string part, params (long[] Offsets, long[] Sizes, float[] Values)[] chunks) => Write(folder, part, chunks, sharesPart: false);

    // A tensor w of (2, 3) in boxes; each is an archive of its own, one behind the other in one file.
    private static void Write(TestFolder folder, string part, (long[] Offsets, long[] Sizes, float[] Values)[] chunks, bool sharesPart)
    {
        List<byte> content = [];
        string list = "](", places = "}(";
        foreach ((long[] offsets, long[] sizes, float[] values) in chunks)
        {
            string archive = Archive(folder, Tensor("0", values.Length, 0, sizes, [sizes[1], 1]), values);
            byte[] bytes = File.ReadAllBytes(archive);
            File.Delete(archive);
            long at = sharesPart ? 0 : content.Count;
            content.AddRange(sharesPart && content.Count > 0 ? [] : bytes);
            list += Object(Module + "ChunkStorageMetadata\n", ("offsets", Size(offsets)), ("sizes", Size(sizes)));
            places += Object(Module + "MetadataIndex\n", ("fqn", Word("w")), ("offset", Size(offsets)), ("index", "N"))
                + Object("ctorch.distributed.checkpoint.filesystem\n_StorageInfo\n", ("relative_path", Word(part)), ("offset", Integer(at)), ("length", Integer(bytes.Length)), ("transform_descriptors", "N"));
        }

        string tensor = Object(Module + "TensorStorageMetadata\n", ("size", Size(2, 3)), ("chunks", list + "e"));
        folder.Write(".metadata", Pickle(Object(Module + "Metadata\n", ("state_dict_metadata", Map("w", tensor)), ("storage_data", places + "u"))));
        folder.Write("part", [.. content]);
    }

    private static string Size(params long[] sizes) => "ctorch\nSize\n" + Integers(sizes) + "\u0085R";

    private static string Object(string type, params (string Name, string Value)[] fields) =>
        type + ")\u0081}(" + string.Concat(fields.Select(static field => Word(field.Name) + field.Value)) + "ub";
}
