using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Which given tensors are weights and which are settings.</summary>
internal static class OnnxConstants
{
    // Inputs that no gradient reaches or that training must not move, by operator.
    private static readonly Dictionary<string, int[]> s_settings = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = [3, 4],
        ["Clip"] = [1, 2],
        ["Dropout"] = [1],
        ["DequantizeLinear"] = [1],
        ["DynamicQuantizeLinear"] = [0],
        ["OneHot"] = [2],
        ["Pad"] = [2],
        ["QuantizeLinear"] = [0, 1],
        ["Range"] = [0, 1, 2],
        ["Resize"] = [1, 2],
        ["Upsample"] = [1],
    };

    /// <summary>Reads everything that a model holds but its initializers.</summary>
    public static OnnxModel Read(OnnxModel model) => model with
    {
        Graph = ToInitializers(model.Graph),
        Functions = [.. model.Functions.Select(static function => function with { Nodes = [.. function.Nodes.Select(Read)], Defaults = [.. function.Defaults.Select(Read)] })],
    };

    /// <summary>Names of tensors that only serve as settings.</summary>
    public static HashSet<string> NotTrained(OnnxGraph graph)
    {
        HashSet<string> settings = new(StringComparer.Ordinal), trained = new(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (!s_settings.TryGetValue(node.OpType, out int[]? places) || node.Domain.Length > 0)
            {
                OnnxPlan.AddUses(node, trained);
                continue;
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                (places.Contains(i) ? settings : trained).Add(node.Inputs[i]);
            }
        }

        settings.ExceptWith(trained);
        return settings;
    }

    /// <summary>Makes initializers of the Constant nodes that hold several numbers, as some exporters keep all weights so,
    /// and reads the tensors among settings, so that the file may be closed.</summary>
    private static OnnxGraph ToInitializers(OnnxGraph graph)
    {
        List<OnnxNode> nodes = [];
        List<OnnxTensor> tensors = [.. graph.Initializers];
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node is { OpType: "Constant", Domain: "", Outputs: [var output, ..] } && node.Find("value")?.Tensor is { Type: OnnxType.Float, Count: > 1 } tensor)
            {
                tensors.Add(tensor with { Name = output });
            }
            else
            {
                nodes.Add(Read(node));
            }
        }

        return graph with { Nodes = nodes, Initializers = tensors, SparseInitializers = [.. graph.SparseInitializers.Select(Read)] };
    }

    private static OnnxNode Read(OnnxNode node) =>
        node.Attributes.Any(static attribute => attribute.Tensor is not null || attribute.SparseTensor is not null || attribute.Graph is not null || attribute.Graphs.Count > 0)
            ? node with { Attributes = [.. node.Attributes.Select(Read)] }
            : node;

    private static OnnxAttribute Read(OnnxAttribute attribute) => attribute with
    {
        Tensor = attribute.Tensor is { } tensor ? Read(tensor) : null,
        SparseTensor = attribute.SparseTensor is { } sparse ? Read(sparse) : null,
        Graph = attribute.Graph is { } graph ? ToInitializers(graph) : null,
        Graphs = [.. attribute.Graphs.Select(ToInitializers)],
    };

    private static OnnxSparseTensor Read(OnnxSparseTensor sparse) => sparse with { Values = Read(sparse.Values), Indices = Read(sparse.Indices) };

    private static OnnxTensor Read(OnnxTensor tensor) => tensor.Entry is { } entry
        ? tensor with { Entry = new WeightEntry(entry.Name, entry.DataType, entry.Shape, entry.ReadBytes()) }
        : tensor;
}
