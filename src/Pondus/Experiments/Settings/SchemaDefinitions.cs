using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>The shared definitions of a schema: kinds that appear in several places or inside themselves.</summary>
internal sealed class SchemaDefinitions
{
    /// <summary>Gets the definitions by name.</summary>
    public JsonObject All { get; } = [];

    /// <summary>Refers to a definition, and makes it at the first call.</summary>
    public JsonObject Reference(string name, Func<JsonObject> describe)
    {
        if (!All.ContainsKey(name))
        {
            // Reserved before it is described, because a kind may contain itself (Sequential holds layers).
            All[name] = null;
            All[name] = describe();
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }
}
