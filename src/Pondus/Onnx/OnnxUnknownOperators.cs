using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Finds all operators that are not known before anything runs.</summary>
internal static class OnnxUnknownOperators
{
    public static void Refuse(OnnxGraph graph, IReadOnlyDictionary<string, long> opsets, Dictionary<OnnxNode, IReadOnlyDictionary<string, long>> ofNodes, OnnxOperators operators)
    {
        SortedDictionary<string, int> unknown = new(StringComparer.Ordinal);
        Count(graph);
        if (unknown.Count > 0)
        {
            throw new OnnxException($"expected operators that are known, got {unknown.Count} others: {string.Join(", ", unknown.Select(static pair => pair.Value == 1 ? pair.Key : $"{pair.Key} ({pair.Value} times)"))}. "
                + "Give OnnxNetwork.Load a table with them added.");
        }

        void Count(OnnxGraph inner)
        {
            foreach (OnnxNode node in inner.Nodes)
            {
                if (operators.Find(node.Domain, node.OpType) is null)
                {
                    IReadOnlyDictionary<string, long> versions = ofNodes.GetValueOrDefault(node) ?? opsets;
                    string domain = node.Domain.Length == 0 ? "ai.onnx" : node.Domain;
                    string version = versions.TryGetValue(node.Domain, out long number) ? $"version {number}" : "no version";
                    string name = $"{domain}.{node.OpType} ({version})";
                    unknown[name] = unknown.GetValueOrDefault(name) + 1;
                }

                foreach (OnnxGraph part in OnnxPlan.Graphs(node))
                {
                    Count(part);
                }
            }
        }
    }
}
