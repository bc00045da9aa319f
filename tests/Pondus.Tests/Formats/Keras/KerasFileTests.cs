using System.IO.Compression;
using Pondus.Formats;
using Pondus.Formats.Hdf5;
using Pondus.Formats.Keras;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats.Keras;

public sealed class KerasFileTests
{
    [Fact]
    public void Open_OlderWholeModel_NamesWeightsInTheLayersOrderWithoutOutputNumbers()
    {
        using TestFolder folder = new();
        string path = folder.File("model.h5");
        Hdf5Writer.Save(
            path,
            [Weight("model_weights/second/second/bias:0"), Weight("model_weights/first/first/kernel:0"), Weight("model_weights/second/second/kernel:0"), Weight("optimizer_weights/iteration:0")],
            Attributes(("", "keras_version", ["2.11.0"]), ("model_weights", "layer_names", ["first", "empty", "second"]), ("model_weights/first", "weight_names", ["first/kernel:0"]),
                ("model_weights/second", "weight_names", ["second/kernel:0", "second/bias:0"])));

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal("keras", file.Format);
        Assert.Equal(["first/kernel", "second/kernel", "second/bias", "optimizer_weights/iteration:0"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal("model_weights/second/second/bias:0", ((KerasFile)file).StoredPath("second/bias"));
    }

    [Fact]
    public void Open_OneNameInTwoLayers_PutsTheLayerBeforeIt()
    {
        using TestFolder folder = new();
        string path = folder.File("model.h5");
        Hdf5Writer.Save(
            path,
            [Weight("a/kernel"), Weight("b/kernel")],
            Attributes(("", "layer_names", ["a", "b"]), ("a", "weight_names", ["kernel"]), ("b", "weight_names", ["kernel"])));

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal(["a/kernel", "b/kernel"], file.Entries.Select(static entry => entry.Name));
    }

    [Fact]
    public void Open_NamesThatDifferByTheOutputNumberAlone_KeepTheirPaths()
    {
        using TestFolder folder = new();
        string path = folder.File("model.h5");
        Hdf5Writer.Save(path, [Weight("a/kernel"), Weight("a/kernel:0")], Attributes(("", "layer_names", ["a"]), ("a", "weight_names", ["kernel", "kernel:0"])));

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal(["a/kernel", "a/kernel:0"], file.Entries.Select(static entry => entry.Name));
    }

    [Theory]
    [InlineData("layers/input_layer", "fc/kernel", "fc/bias")]
    [InlineData("layers/dropout", "net/fc/kernel", "net/fc/bias")]
    public void Open_WeightsOfNamedLayers_AreNamedAsKerasNamesThem(string other, string kernel, string bias)
    {
        using TestFolder folder = new();
        string path = folder.File("a.weights.h5");
        Hdf5Writer.Save(
            path,
            [Weight("layers/dense_1/vars/1"), Weight("layers/dense_1/vars/0"), Weight("layers/other/vars/0"), Weight("optimizer/vars/0")],
            Attributes(("vars", "name", ["net"]), ($"{other}/vars", "name", ["x"]), ("layers/dense_1/vars", "name", ["fc"]), ("layers/other/vars", "name", ["mine"]), ("optimizer/vars", "name", ["adam"])));

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal([kernel, bias, "layers/other/vars/0", "optimizer/vars/0"], file.Entries.Select(static entry => entry.Name));
    }

    [Fact]
    public void Save_WeightsOpenedByTheirNames_GoBackToWhereTheyWereStored()
    {
        using TestFolder folder = new();
        string path = folder.File("a.weights.h5"), again = folder.File("b.weights.h5");
        Hdf5Writer.Save(
            path,
            [Weight("layers/bidirectional/forward_layer/cell/vars/0"), Weight("layers/bidirectional/forward_layer/cell/vars/1"), Weight("layers/bidirectional/forward_layer/cell/vars/2"), Weight("vars/0")],
            Attributes(("vars", "name", ["net"]), ("layers/bidirectional/vars", "name", ["both"]), ("layers/bidirectional/forward_layer/vars", "name", ["forward_lstm"]),
                ("layers/bidirectional/forward_layer/cell/vars", "name", ["lstm_cell"])));
        using (WeightFile file = WeightFile.Open(path))
        {
            Assert.Equal("net/both/forward_lstm/lstm_cell/recurrent_kernel", file.Entries[1].Name);
            // In an order of its own, as another format would give them.
            WeightFormats.ForWriting(again)!.Save(again, [.. file.Entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal)], file.Metadata);
        }

        using Hdf5File stored = Hdf5File.Open(again);

        Assert.Equal(
            ["layers/bidirectional/forward_layer/cell/vars/0", "layers/bidirectional/forward_layer/cell/vars/1", "layers/bidirectional/forward_layer/cell/vars/2", "vars/0"],
            stored.Entries.Select(static entry => entry.Name));
        Assert.Equal([1f, "layers/bidirectional/forward_layer/cell/vars/2".Length], stored.ReadSingle("layers/bidirectional/forward_layer/cell/vars/2"));
        Assert.Equal("lstm_cell", stored.Metadata["layers/bidirectional/forward_layer/cell/vars@name"]);
    }

    [Fact]
    public void Save_NamesThatKerasDoesNotStore_AreRefusedWithTheCure()
    {
        using TestFolder folder = new();
        NotSupportedException error = Assert.Throws<NotSupportedException>(() =>
            WeightFormats.Find("keras")!.Save(folder.File("a.weights.h5"), [Weight("fc.weight")], new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.Equal(
            "Keras weights: expected names as Keras stores them (layers/dense/vars/0), or its own names and the metadata 'keras.layers' of the file they came from, got 1 others, such as 'fc.weight'. Write a plain .h5 instead.",
            error.Message);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Save_ArchiveWithoutAConfiguration_IsRefused()
    {
        using TestFolder folder = new();
        string path = folder.File("a.keras");
        NotSupportedException error = Assert.Throws<NotSupportedException>(() =>
            WeightFormats.ForWriting(path)!.Save(path, [Weight("layers/dense/vars/0")], new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.Equal($"{path}: expected the model's configuration as metadata 'config', as a .keras file has it, got none. Write .weights.h5 or .h5 instead.", error.Message);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Open_Archive_ReadsWeightsAndNamesWhatTheConfigurationHolds(CompressionLevel level)
    {
        const string config = """
            {"class_name": "Sequential", "config": {"name": "net", "layers": [
              {"class_name": "Dense", "config": {"name": "fc"}, "registered_name": null}, {"class_name": "Dense", "config": {"name": "fc_1"}},
              {"class_name": "Mine", "config": {"name": "mine"}, "registered_name": "lab>Mine"},
              {"class_name": "Lambda", "config": {"name": "f", "function": {"class_name": "__lambda__", "config": {"code": "4wEAAA=="}}}}]}}
            """;
        using TestFolder folder = new();
        string path = WriteArchive(folder, config, level);

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal(["net/fc/kernel"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal([1f, "layers/dense/vars/0".Length], file.Entries[0].ReadSingle());
        Assert.Equal("3.15.1", file.Metadata["keras_version"]);
        Assert.Equal(config, file.Metadata["config"]);
        Assert.Contains(new WeightRemark(WeightRemarkKind.Note, "layers", "2 x Dense, Lambda, Mine, Sequential."), file.Remarks);
        Assert.Contains(file.Remarks, static remark => remark.Kind == WeightRemarkKind.Note && remark.Subject == "lab>Mine");
        Assert.Contains(file.Remarks, static remark => remark.Kind == WeightRemarkKind.Threat && remark.Subject == "Lambda");
    }

    [Theory]
    [InlineData("../a.weights.h5")]
    [InlineData("/etc/a.weights.h5")]
    [InlineData("passwords")]
    public void Open_IndexThatNamesFilesElsewhere_IsRefused(string name)
    {
        using TestFolder folder = new();
        string path = folder.File("a.weights.json");
        File.WriteAllText(path, $$$"""{"metadata": {}, "weight_map": {"/layers/dense/vars": ["b.weights.h5", "{{{name}}}"]}}""");
        Hdf5Writer.Save(folder.File("b.weights.h5"), [Weight("layers/dense/vars/0")], Attributes());

        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));

        Assert.Equal($"{path} at byte 0: expected names of files beside the index that end in .weights.h5, got '{name}'. Nothing elsewhere is opened.", error.Message);
    }

    [Fact]
    public void Open_LstmWithTwiceTheBiases_NotesTheLayoutOfCudnn()
    {
        using TestFolder folder = new();
        string path = folder.File("a.h5");
        Hdf5Writer.Save(
            path,
            [new WeightEntry("rnn/rnn/recurrent_kernel:0", "float32", [2, 8], new byte[64]), new WeightEntry("rnn/rnn/bias:0", "float32", [16], new byte[64])],
            Attributes(("", "layer_names", ["rnn"]), ("rnn", "weight_names", ["rnn/recurrent_kernel:0", "rnn/bias:0"])));

        using WeightFile file = WeightFile.Open(path);

        WeightRemark remark = Assert.Single(file.Remarks);
        Assert.Equal("rnn/bias", remark.Subject);
        Assert.StartsWith("CuDNN's layout", remark.Message, StringComparison.Ordinal);
    }

    // The second value tells the tensors apart.
    private static WeightEntry Weight(string name) => WeightEntry.OfSingle(name, [2], new[] { 1f, name.Length });

    private static Dictionary<string, IReadOnlyList<Hdf5Attribute>> Attributes(params (string Group, string Name, string[] Values)[] attributes) => attributes
        .GroupBy(static attribute => attribute.Group, StringComparer.Ordinal)
        .ToDictionary(
            static group => group.Key,
            static group => (IReadOnlyList<Hdf5Attribute>)[.. group.Select(static one => new Hdf5Attribute(one.Name, one.Values, IsScalar: one.Values.Length == 1 && !one.Name.EndsWith("names", StringComparison.Ordinal), IsText: true))],
            StringComparer.Ordinal);

    private static string WriteArchive(TestFolder folder, string config, CompressionLevel level)
    {
        string weights = folder.File("w.h5"), path = folder.File("model.keras");
        Hdf5Writer.Save(weights, [Weight("layers/dense/vars/0")], Attributes(("vars", "name", ["net"]), ("layers/dense/vars", "name", ["fc"])));
        using FileStream stream = File.Create(path);
        using ZipArchive archive = new(stream, ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in new[]
        {
            ("metadata.json", """{"keras_version": "3.15.1"}"""u8.ToArray()), ("config.json", System.Text.Encoding.UTF8.GetBytes(config)), ("model.weights.h5", File.ReadAllBytes(weights)),
        })
        {
            using Stream member = archive.CreateEntry(name, level).Open();
            member.Write(content);
        }

        return path;
    }
}
