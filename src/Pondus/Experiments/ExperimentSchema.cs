using System.Text.Json.Nodes;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The JSON Schema of experiment files, made from the description that reads them.</summary>
public static class ExperimentSchema
{
    /// <summary>Gets the schema (draft 2020-12).</summary>
    public static string Text => JsonText.Write(Build());

    private static JsonObject Build()
    {
        SchemaDefinitions definitions = new();
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Pondus experiment",
            ["description"] = "Data, network, loss, optimizer and limits of a training.",
        };
        foreach ((string key, JsonNode? value) in Experiment.Kind.Describe(definitions))
        {
            schema[key] = value?.DeepClone();
        }

        schema["$defs"] = definitions.All;
        return schema;
    }
}
