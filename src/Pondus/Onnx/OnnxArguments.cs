using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Compares what a run gives with what the graph declares.</summary>
internal static class OnnxArguments
{
    public static void Check(OnnxGraph graph, IReadOnlyList<OnnxValueInfo> required, IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        string[] missing = [.. required.Where(info => !inputs.ContainsKey(info.Name)).Select(static info => info.ToString())];
        string[] unknown = [.. inputs.Keys.Where(name => graph.Inputs.All(info => info.Name != name))];
        if (missing.Length + unknown.Length > 0)
        {
            string got = unknown.Length == 0 ? "no such inputs" : $"the unknown {string.Join(", ", unknown)}";
            throw new OnnxException($"graph '{graph.Name}': expected {(missing.Length == 0 ? $"inputs among {string.Join(", ", graph.Inputs)}" : string.Join(", ", missing))}, got {got}.");
        }

        foreach (OnnxValueInfo info in graph.Inputs)
        {
            if (inputs.TryGetValue(info.Name, out OnnxValue? value) && info.TypeInfo is { } type && !Fits(type, value))
            {
                throw new OnnxException($"graph '{graph.Name}': expected input {info}, got {value}.");
            }
        }
    }

    private static bool Fits(OnnxTypeInfo type, OnnxValue value)
    {
        if (type.Type is OnnxType.Sequence or OnnxType.Optional or OnnxType.Undefined or OnnxType.Map)
        {
            return true;
        }

        if (type.Type != value.Type)
        {
            return false;
        }

        return type.Dims is not { } dims || (dims.Count == value.Rank && !dims.Where((dim, i) => dim.Size is > 0 && dim.Size != value.Shape[i]).Any());
    }
}
