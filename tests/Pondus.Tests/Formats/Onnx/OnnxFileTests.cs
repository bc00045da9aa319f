using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Pondus.Tests.Data;
using Pondus.Tests.Onnx;
using Pondus.Tests.Support;
using Xunit;
using static Pondus.Tests.Onnx.TestGraphs;

namespace Pondus.Tests.Formats.Onnx;

/// <summary>ONNX files: what is written is read, and what is dangerous is refused.</summary>
public sealed class OnnxFileTests
{
    [Fact]
    public void Save_Model_OpensWithEverythingInIt()
    {
        OnnxGraph inner = new() { Name = "inner", Outputs = [Any("r")], Nodes = [Node("Identity", ["x"], ["r"])] };
        OnnxModel model = Model(
            new OnnxGraph
            {
                Name = "g",
                Inputs = [Info("x", OnnxType.Float, "batch", "3"), new OnnxValueInfo("s", new OnnxTypeInfo(OnnxType.Sequence, null, new OnnxTypeInfo(OnnxType.Int64, [])))],
                Outputs = [Any("y")],
                Initializers =
                [
                    Tensor("w", OnnxValue.Of([1f, 2f, 3f], 3)),
                    new OnnxTensor { Name = "words", Type = OnnxType.String, Dims = [2], Strings = [[0x61], []] },
                ],
                Nodes =
                [
                    Node("Pad", ["x", "", "w"], ["y"], Int("i", -5), Ints("is", 1, -1, long.MaxValue), Graph("g", inner), Tensor("t", Tensor("", OnnxValue.Scalar(7L)))) with { Name = "pad", Domain = "own" },
                ],
            },
            new OnnxFunction { Name = "F", Domain = "own", Inputs = ["a"], Outputs = ["b"], Attributes = ["k"], Opsets = new Dictionary<string, long> { [""] = 18 } });
        model = model with { Metadata = new Dictionary<string, string> { ["größe"] = "ja" } };
        using TestFolder folder = new();
        OnnxWriter.Save(folder.File("m.onnx"), model);
        using OnnxFile file = Assert.IsType<OnnxFile>(WeightFile.Open(folder.File("m.onnx")));
        OnnxNode node = file.Model.Graph.Nodes[0];
        Assert.Equal("own.Pad 'pad'", node.ToString());
        Assert.Equal(["x", "", "w"], node.Inputs);
        Assert.Equal(-5, node.Find("i")!.Int);
        Assert.Equal([1, -1, long.MaxValue], node.Find("is")!.Ints);
        Assert.Equal("Identity 'r'", node.Find("g")!.Graph!.Nodes[0].ToString());
        Assert.Equal(7, BitConverter.ToInt64(node.Find("t")!.Tensor!.Entry!.ReadBytes()));
        Assert.Equal(["x float32 (batch, 3)", "s sequence of int64 ()"], file.Model.Graph.Inputs.Select(static input => input.ToString()));
        Assert.Equal([1f, 2f, 3f], file.ReadSingle("w"));
        Assert.Equal([[0x61], []], file.Model.Graph.Initializers[1].Strings!);
        Assert.Equal("words", Assert.Single(file.Remarks).Subject);
        Assert.Equal("ja", file.Metadata["größe"]);
        Assert.Equal("ai.onnx 21", file.Metadata["opset_import"]);
        Assert.Equal("F", Assert.Single(file.Model.Functions).Name);
        Assert.Equal(18, file.Model.Functions[0].Opsets[""]);
    }

    [Fact]
    public void Save_ExternalData_KeepsLargeTensorsBesideTheModel()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(static i => (float)i)];
        OnnxModel model = Model(new OnnxGraph { Initializers = [Tensor("small", OnnxValue.Of([1f], 1)), Tensor("large", OnnxValue.Of(values, 10, 100))] });
        using TestFolder folder = new();
        OnnxWriter.Save(folder.File("m.onnx"), model, externalData: true);
        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names().Order());
        Assert.InRange(new FileInfo(folder.File("m.onnx")).Length, 1, 300);
        using (OnnxFile file = OnnxFile.Open(folder.File("m.onnx")))
        {
            Assert.Equal(values, file.ReadSingle("large"));
            Assert.Equal([1f], file.ReadSingle("small"));
        }

        File.Delete(folder.File("m.onnx.data"));
        using OnnxFile bare = OnnxFile.Open(folder.File("m.onnx"));
        Assert.Equal(["small"], bare.Entries.Select(static entry => entry.Name));
        Assert.Contains("m.onnx.data", Assert.Single(bare.Remarks).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../secret")]
    [InlineData("..\\secret")]
    [InlineData("")]
    [InlineData("link")]
    [InlineData("folder/secret")]
    [InlineData("chain")]
    public void Open_ExternalDataOutsideTheFolder_IsRefusedUnopened(string location)
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("model"));
        folder.Write("secret", new byte[400]);
        File.CreateSymbolicLink(folder.File("model/link"), folder.File("secret"));
        Directory.CreateSymbolicLink(folder.File("model/folder"), folder.File("."));
        File.CreateSymbolicLink(folder.File("model/chain"), "link");
        folder.Write("model/m.onnx", WithLocation(location));
        string message = Assert.Throws<WeightFormatException>(() => OnnxFile.Open(folder.File("model/m.onnx"))).Message;
        Assert.Contains("expected external data in the model's folder or below it", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("below/data", null)]
    [InlineData("alias", null)]
    [InlineData("short", "expected 400 bytes from 0 in 'short', got a file of 3 bytes.")]
    public void Open_ExternalDataInside_IsReadAsFarAsItIsLongEnough(string location, string? refusal)
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("below"));
        byte[] data = [.. Enumerable.Range(0, 400).Select(static i => (byte)i)];
        folder.Write("below/data", data);
        folder.Write("short", [1, 2, 3]);
        File.CreateSymbolicLink(folder.File("alias"), Path.Combine("below", "data"));
        folder.Write("m.onnx", WithLocation(location));
        if (refusal is not null)
        {
            Assert.Contains(refusal, Assert.Throws<WeightFormatException>(() => OnnxFile.Open(folder.File("m.onnx"))).Message, StringComparison.Ordinal);
            return;
        }

        using OnnxFile file = OnnxFile.Open(folder.File("m.onnx"));
        Assert.Equal(data, file.Find("w")!.ReadBytes());
    }

    [Fact]
    public void Open_LinksOfACache_AreFollowedToWhereTheModelIs()
    {
        // A cache of downloads keeps the bytes in one folder and names for them, as links, in another.
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("blobs"));
        Directory.CreateDirectory(folder.File("snapshot"));
        byte[] data = [.. Enumerable.Range(0, 400).Select(static i => (byte)i)];
        folder.Write("blobs/1", WithLocation("m.onnx.data"));
        folder.Write("blobs/2", data);
        File.CreateSymbolicLink(folder.File("snapshot/m.onnx"), Path.Combine("..", "blobs", "1"));
        File.CreateSymbolicLink(folder.File("snapshot/m.onnx.data"), Path.Combine("..", "blobs", "2"));
        using OnnxFile file = OnnxFile.Open(folder.File("snapshot/m.onnx"));
        Assert.Equal(data, file.Find("w")!.ReadBytes());
    }

    [Fact]
    public void Open_LongPlaceOfManyEqualNames_IsRefused()
    {
        // Each of the equal names would get the node's name of a million letters in front.
        OnnxTensor[] tensors = [.. Enumerable.Range(0, 60).Select(static _ => new OnnxTensor { Name = "w", Type = OnnxType.UInt8, Dims = [1], Entry = new WeightEntry("w", "uint8", [1], new byte[1]) })];
        OnnxNode node = new() { Name = new string('n', 1_000_000), OpType = "If", Attributes = [new OnnxAttribute { Name = "then_branch", Kind = OnnxAttributeKind.Graph, Graph = new OnnxGraph { Name = "g", Initializers = tensors } }] };
        using TestFolder folder = new();
        OnnxWriter.Save(folder.File("m.onnx"), new OnnxModel { Graph = new OnnxGraph { Name = "g", Nodes = [node] } });
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => OnnxFile.Open(folder.File("m.onnx")));
        Assert.EndsWith("expected tensors whose names differ, got so many that names of their own take more than 40000000 letters.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GraphsNestedWithoutEnd_AreRefused()
    {
        OnnxGraph graph = new() { Nodes = [Node("Identity", ["x"], ["y"])] };
        for (int i = 0; i < 200; i++)
        {
            graph = new OnnxGraph { Nodes = [Node("If", ["c"], ["y"], Graph("then_branch", graph))] };
        }

        using TestFolder folder = new();
        OnnxWriter.Save(folder.File("m.onnx"), Model(graph));
        Assert.Contains("nested at most 100 deep", Assert.Throws<WeightFormatException>(() => OnnxFile.Open(folder.File("m.onnx"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MoreElementsThanBytes_IsRefusedBeforeMemoryIsTaken()
    {
        // A tensor of 2^40 floats in a file of some bytes.
        byte[] tensor = [0x08, .. Varint(1L << 40), 0x10, 0x01, 0x42, 0x01, 0x77, 0x4A, 0x00];
        byte[] graph = [0x2A, (byte)tensor.Length, .. tensor];
        byte[] file = [0x08, 0x0A, 0x3A, (byte)graph.Length, .. graph];
        using TestFolder folder = new();
        string path = folder.Write("m.onnx", file);
        string message = Assert.Throws<WeightFormatException>(() => OnnxFile.Open(path)).Message;
        Assert.Contains("tensor 'w': expected 4398046511104 bytes of raw data for float32 (1099511627776), got 0.", message, StringComparison.Ordinal);
    }

    // A model of one tensor of 100 floats that lies elsewhere.
    private static byte[] WithLocation(string location)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(location);
        byte[] key = [.. "location"u8];
        byte[] pair = [0x0A, (byte)key.Length, .. key, 0x12, (byte)text.Length, .. text];
        byte[] tensor = [0x08, 100, 0x10, 0x01, 0x42, 0x01, 0x77, 0x6A, (byte)pair.Length, .. pair, 0x70, 0x01];
        byte[] graph = [0x2A, (byte)tensor.Length, .. tensor];
        return [0x08, 0x0A, 0x3A, (byte)graph.Length, .. graph];
    }

    private static byte[] Varint(long value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
