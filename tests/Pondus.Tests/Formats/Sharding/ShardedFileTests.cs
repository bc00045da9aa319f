using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Formats.Sharding;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Sharding;

public sealed class ShardedFileTests
{
    private static readonly Dictionary<string, string> s_metadata = new(StringComparer.Ordinal) { ["format"] = "pt", ["seed"] = "7" };

    [Fact]
    public void Save_TwoTensorsAShard_OpensAsTheSameSet()
    {
        using TestFolder folder = new();
        List<WeightEntry> entries = Sample(5);
        // Eight bytes a tensor, sixteen a file.
        IReadOnlyList<string> paths = ShardedWriter.Save(folder.File("model.safetensors"), entries, s_metadata, 17);
        Assert.Equal(
            ["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json"],
            paths.Select(Path.GetFileName));
        foreach (string path in new[] { paths[^1], folder.FullPath })
        {
            using WeightFile file = WeightFile.Open(path);
            Assert.Equal("safetensors", file.Format);
            Assert.Equal(entries.Select(static entry => entry.Name), file.Entries.Select(static entry => entry.Name));
            Assert.Equal(WeightDigest.Compute(entries), WeightDigest.Compute(file.Entries));
            Assert.Equal("40", file.Metadata["total_size"]);
            Assert.Equal("7", file.Metadata["seed"]);
        }
    }

    [Fact]
    public void Open_MetadataLongerThanWhatIsProbed_IsAnIndexAllTheSame()
    {
        using TestFolder folder = new();
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["lineage"] = new string('x', 10_000) };
        IReadOnlyList<string> paths = ShardedWriter.Save(folder.File("model.safetensors"), Sample(5), metadata, 17);
        using WeightFile file = WeightFile.Open(paths[^1]);
        Assert.Equal(5, file.Entries.Count);
        Assert.Equal(10_000, file.Metadata["lineage"].Length);
    }

    [Fact]
    public void Save_SetThatFitsIntoOneFile_HasNoIndex()
    {
        using TestFolder folder = new();
        Assert.Equal([folder.File("model.safetensors")], ShardedWriter.Save(folder.File("model.safetensors"), Sample(2), s_metadata, 16));
        Assert.Equal(["model.safetensors"], folder.Names());
    }

    [Fact]
    public void Open_MissingFilesAndTensors_NamesAllOfThem()
    {
        using TestFolder folder = new();
        IReadOnlyList<string> paths = ShardedWriter.Save(folder.File("model.safetensors"), Sample(5), s_metadata, 16);
        SafetensorsWriter.Save(paths[0], []);
        WeightFormatException tensors = Assert.Throws<WeightFormatException>(() => WeightFile.Open(paths[^1]));
        Assert.Equal($"{paths[^1]} at byte 0: expected the tensors that the index lists, got none of 't0' in {Path.GetFileName(paths[0])}, 't1' in {Path.GetFileName(paths[0])}.", tensors.Message);
        File.Delete(paths[0]);
        File.Delete(paths[2]);
        WeightFormatException files = Assert.Throws<WeightFormatException>(() => WeightFile.Open(paths[^1]));
        Assert.Equal($"{paths[^1]} at byte 0: expected the files that the index names, got no {Path.GetFileName(paths[0])}, {Path.GetFileName(paths[2])}.", files.Message);
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../secret.safetensors")]
    [InlineData("link.safetensors")]
    [InlineData("linked/secret.safetensors")]
    [InlineData("C:\\\\secret.safetensors")]
    [InlineData("")]
    public void Open_NameThatLeadsOut_IsRefused(string name)
    {
        using TestFolder folder = new();
        SafetensorsWriter.Save(folder.File("secret.safetensors"), Sample(1));
        string inner = Directory.CreateDirectory(folder.File("inner")).FullName;
        File.CreateSymbolicLink(Path.Combine(inner, "link.safetensors"), folder.File("secret.safetensors"));
        Directory.CreateSymbolicLink(Path.Combine(inner, "linked"), folder.FullPath);
        string index = folder.Write("inner/model.safetensors.index.json", "{\"weight_map\": {\"t0\": \"" + name + "\"}}");
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(index));
        Assert.EndsWith("which leads out of its folder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_IndexAndFilesThatAreLinksIntoOneFolder_AreFollowed()
    {
        using TestFolder folder = new();
        string blobs = Directory.CreateDirectory(folder.File("blobs")).FullName, snapshot = Directory.CreateDirectory(folder.File("snapshot")).FullName;
        SafetensorsWriter.Save(Path.Combine(blobs, "b1"), Sample(1));
        folder.Write("blobs/b2", """{"weight_map": {"t0": "a.safetensors"}}""");
        File.CreateSymbolicLink(Path.Combine(snapshot, "a.safetensors"), "../blobs/b1");
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.safetensors.index.json"), "../blobs/b2");
        using WeightFile file = WeightFile.Open(snapshot);
        Assert.Equal(WeightDigest.Compute(Sample(1)), WeightDigest.Compute(file.Entries));
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "self.index.json"}}""", "expected weights in self.index.json, got another index.")]
    [InlineData("""{"weight_map": {"a": ["x"]}}""", "tensor 'a': expected the name of a file in weight_map, got Array.")]
    [InlineData("""{"weight_map": []}""", "expected an object with a weight_map, got other JSON.")]
    [InlineData("""{"weight_map": {"a": "x", "a": "x"}}""", "expected an index of valid JSON without a name given twice, got other text. The file is damaged.")]
    [InlineData("""{"weight_map": {"\ud800": "x"}}""", "expected texts in the index, got bytes that are no characters.")]
    public void Open_BrokenIndex_NamesTheCause(string json, string message)
    {
        using TestFolder folder = new();
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => ShardedFile.Open(folder.Write("self.index.json", json)));
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorThatTheIndexDoesNotList_IsLeftOutWithARemark()
    {
        using TestFolder folder = new();
        SafetensorsWriter.Save(folder.File("a.safetensors"), Sample(2));
        using WeightFile file = WeightFile.Open(folder.Write("x.index.json", """{"weight_map": {"t1": "a.safetensors"}}"""));
        Assert.Equal(["t1"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal([new WeightRemark(WeightRemarkKind.Skipped, "t0", "The index does not list this tensor of a.safetensors; it was left out.")], file.Remarks);
    }

    [Fact]
    public void Save_Gpt2OfTransformers_IsReadByTransformersWithTheSameLogits()
    {
        const string judge = """
            import sys, torch
            from transformers import AutoModelForCausalLM
            folders = sys.argv[1:]
            ids = torch.arange(8)[None]
            logits = [AutoModelForCausalLM.from_pretrained(folder)(ids).logits for folder in folders]
            assert all(torch.equal(logits[0], other) for other in logits[1:]), "other logits"
            """;
        string source = TestData.PathOf("fixtures/safetensors/gpt2_sharded");
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(source);
        string sharded = Directory.CreateDirectory(folder.File("sharded")).FullName, single = Directory.CreateDirectory(folder.File("single")).FullName;
        Assert.Equal(4, ShardedWriter.Save(Path.Combine(sharded, "model.safetensors"), file.Entries, s_metadata, 40_000).Count);
        SafetensorsWriter.Save(Path.Combine(single, "model.safetensors"), file.Entries, s_metadata);
        foreach (string target in new[] { sharded, single })
        {
            File.Copy(Path.Combine(source, "config.json"), Path.Combine(target, "config.json"));
        }

        Peers.RunPython(["-c", judge, source, sharded, single]);
    }

    private static List<WeightEntry> Sample(int count) => [.. Enumerable.Range(0, count).Select(static i => WeightEntry.OfSingle($"t{i}", [2], new[] { i, i + 0.5f }))];
}
