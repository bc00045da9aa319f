using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>Small graphs, made by hand.</summary>
internal static class TestGraphs
{
    public static OnnxNode Node(string type, string[] inputs, string[] outputs, params OnnxAttribute[] attributes) =>
        new() { OpType = type, Inputs = inputs, Outputs = outputs, Attributes = attributes };

    public static OnnxAttribute Int(string name, long value) => new() { Name = name, Kind = OnnxAttributeKind.Int, Int = value };

    public static OnnxAttribute Ints(string name, params long[] values) => new() { Name = name, Kind = OnnxAttributeKind.Ints, Ints = values };

    public static OnnxAttribute Graph(string name, OnnxGraph graph) => new() { Name = name, Kind = OnnxAttributeKind.Graph, Graph = graph };

    public static OnnxAttribute Tensor(string name, OnnxTensor tensor) => new() { Name = name, Kind = OnnxAttributeKind.Tensor, Tensor = tensor };

    public static OnnxTensor Tensor(string name, OnnxValue value) =>
        new() { Name = name, Type = value.Type, Dims = Array.ConvertAll(value.Shape, static size => (long)size), Entry = value.ToEntry(name) };

    public static OnnxValueInfo Info(string name, OnnxType type = OnnxType.Float, params string[] dims) =>
        new(name, new OnnxTypeInfo(type, [.. dims.Select(static dim => long.TryParse(dim, out long size) ? new OnnxDimension(size, null) : new OnnxDimension(null, dim))]));

    /// <summary>A value whose sizes are not declared.</summary>
    public static OnnxValueInfo Any(string name, OnnxType type = OnnxType.Float) => new(name, new OnnxTypeInfo(type, null));

    public static OnnxModel Model(OnnxGraph graph, params OnnxFunction[] functions) => new()
    {
        IrVersion = 10,
        ProducerName = "test",
        Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = 21 },
        Graph = graph,
        Functions = functions,
    };

    /// <summary>Writes a graph and loads it as a network.</summary>
    public static OnnxNetwork Load(OnnxModel model, OnnxOperators? operators = null)
    {
        string path = Path.Combine(Path.GetTempPath(), $"pondus-{Guid.NewGuid():N}.onnx");
        try
        {
            OnnxWriter.Save(path, model);
            return OnnxNetwork.Load(path, operators);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
