using System.Text.Json.Nodes;

namespace Pondus.Experiments;

/// <summary>A setting that differs between two experiments.</summary>
/// <param name="Path">Path to the setting, such as <c>optimizer.learningRate</c>.</param>
/// <param name="Before">Its value in the first, as JSON; empty where it does not exist.</param>
/// <param name="After">Its value in the second, as JSON; empty where it does not exist.</param>
public sealed record ExperimentChange(string Path, string Before, string After)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {(Before.Length > 0 ? Before : "(none)")} -> {(After.Length > 0 ? After : "(none)")}";

    internal static void Collect(JsonNode? before, JsonNode? after, string path, List<ExperimentChange> changes)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject a && after is JsonObject b)
        {
            foreach (string key in a.Select(static p => p.Key).Union(b.Select(static p => p.Key), StringComparer.Ordinal))
            {
                string at = path.Length == 0 ? key : $"{path}.{key}";
                bool inBoth = a.ContainsKey(key) && b.ContainsKey(key);
                if (inBoth)
                {
                    Collect(a[key], b[key], at, changes);
                }
                else
                {
                    changes.Add(new ExperimentChange(at, a.ContainsKey(key) ? Text(a[key]) : string.Empty, b.ContainsKey(key) ? Text(b[key]) : string.Empty));
                }
            }
        }
        else if (before is JsonArray x && after is JsonArray y && x.Count == y.Count)
        {
            for (int i = 0; i < x.Count; i++)
            {
                Collect(x[i], y[i], $"{path}[{i}]", changes);
            }
        }
        else
        {
            changes.Add(new ExperimentChange(path, Text(before), Text(after)));
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}
