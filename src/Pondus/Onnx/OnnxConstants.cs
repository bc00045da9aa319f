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

    /// <summary>Makes initializers of the Constant nodes that hold numbers: some exporters keep all weights in such nodes.</summary>
    public static OnnxGraph ToInitializers(OnnxGraph graph)
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
                nodes.Add(node);
            }
        }

        return nodes.Count == graph.Nodes.Count ? graph : graph with { Nodes = nodes, Initializers = tensors };
    }

    /// <summary>Reads the tensors among the settings of nodes into memory: they are used after the file is closed.</summary>
    public static OnnxGraph InMemory(OnnxGraph graph) => graph with { Nodes = [.. graph.Nodes.Select(InMemory)] };

    private static OnnxNode InMemory(OnnxNode node) => node.Attributes.Any(static attribute => attribute.Tensor is not null || attribute.Graph is not null)
        ? node with { Attributes = [.. node.Attributes.Select(InMemory)] }
        : node;

    private static OnnxAttribute InMemory(OnnxAttribute attribute)
    {
        OnnxTensor? tensor = attribute.Tensor;
        if (tensor?.Entry is { } entry)
        {
            byte[] bytes = entry.ReadBytes();
            tensor = tensor with
            {
                Entry = new WeightEntry(entry.Name, entry.DataType, entry.Shape, entry.ByteCount, (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination)),
            };
        }

        return attribute with { Tensor = tensor, Graph = attribute.Graph is null ? null : InMemory(attribute.Graph) };
    }

    /// <summary>Names of tensors that only serve as settings.</summary>
    public static HashSet<string> NotTrained(OnnxGraph graph)
    {
        HashSet<string> settings = new(StringComparer.Ordinal), trained = new(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            HashSet<string> uses = new(StringComparer.Ordinal);
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
}
