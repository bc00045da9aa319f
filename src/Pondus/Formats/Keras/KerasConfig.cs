using System.Text.Json;

namespace Pondus.Formats.Keras;

/// <summary>Reads what the configuration of a model says, as far as weights are concerned; nothing that it names is made.</summary>
internal static class KerasConfig
{
    private const int MostDepth = 200;
    private const int MostShown = 20;

    /// <summary>Keeps the configuration whole, and the facts of <c>metadata.json</c> one by one.</summary>
    internal static void AddText(Dictionary<string, string> metadata, string member, string text)
    {
        if (member is KerasFile.ConfigMember)
        {
            metadata["config"] = text;
            return;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            foreach (JsonProperty property in json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.EnumerateObject() : default)
            {
                metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            metadata["metadata"] = text;
        }
    }

    /// <summary>Says which classes a model is made of, and which of them cannot be made elsewhere.</summary>
    internal static List<WeightRemark> Remarks(string config)
    {
        Dictionary<string, int> classes = new(StringComparer.Ordinal);
        HashSet<string> own = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument json = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = MostDepth });
            Visit(json.RootElement, classes, own);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [new WeightRemark(WeightRemarkKind.Skipped, "config", "the configuration is no valid JSON.")];
        }

        List<WeightRemark> remarks = [];
        if (classes.Count > 0)
        {
            IEnumerable<string> shown = classes.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Take(MostShown).Select(static pair => pair.Value == 1 ? pair.Key : $"{pair.Value} x {pair.Key}");
            remarks.Add(new WeightRemark(WeightRemarkKind.Note, "layers", $"{string.Join(", ", shown)}{(classes.Count > MostShown ? $" and {classes.Count - MostShown} more" : string.Empty)}."));
        }

        remarks.AddRange(own.Order(StringComparer.Ordinal).Take(MostShown).Select(static name =>
            new WeightRemark(WeightRemarkKind.Note, name, "a class of the writer's own: its weights are listed; what it computes is not known.")));
        if (classes.ContainsKey("Lambda"))
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Threat, "Lambda", "the configuration holds Python code that its reader is meant to run; nothing was run."));
        }

        return remarks;
    }

    /// <summary>Says whether the model at the top is functional, whose name is no part of its layers' paths; null when it is not told.</summary>
    internal static bool? IsFunctional(string? config)
    {
        if (config is null)
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = MostDepth });
            return ClassName(json.RootElement) is { } name ? name is "Functional" : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? ClassName(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static void Visit(JsonElement element, Dictionary<string, int> classes, HashSet<string> own)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Visit(item, classes, own);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            Count(element, classes, own);
            foreach (JsonProperty property in element.EnumerateObject())
            {
                Visit(property.Value, classes, own);
            }
        }
    }

    // Layers have a name; initializers, policies and tensors have none.
    private static void Count(JsonElement element, Dictionary<string, int> classes, HashSet<string> own)
    {
        if (ClassName(element) is not { } name || !element.TryGetProperty("config", out JsonElement config) || config.ValueKind != JsonValueKind.Object || name is "DTypePolicy" || name.EndsWith("DTypePolicy", StringComparison.Ordinal)
            || !config.TryGetProperty("name", out _))
        {
            return;
        }

        classes[name] = classes.GetValueOrDefault(name) + 1;
        if (element.TryGetProperty("registered_name", out JsonElement registered) && registered.ValueKind == JsonValueKind.String && registered.GetString() is { } full && full.Contains('>', StringComparison.Ordinal))
        {
            own.Add(full);
        }
    }
}
