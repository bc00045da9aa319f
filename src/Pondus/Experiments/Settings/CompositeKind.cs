using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>A list of values of one kind.</summary>
internal sealed class ListKind<T>(Kind<T> item, int minimumCount) : Kind<IReadOnlyList<T>>
{
    public override string Expected => minimumCount > 0 ? "a list that is not empty" : "a list";

    public override bool HasSettings => item.HasSettings;

    public override bool Accepts(IReadOnlyList<T> value) => value is not null && value.Count >= minimumCount;

    public override IReadOnlyList<T> Read(JsonNode? node, SettingPath path)
    {
        if (node is not JsonArray array || array.Count < minimumCount)
        {
            throw path.Wrong(Expected, node is JsonArray ? "[]" : SettingPath.Show(node));
        }

        T[] values = new T[array.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = item.Read(array[i], path.Index(i));
        }

        return values;
    }

    public override JsonNode? Write(IReadOnlyList<T> value, bool sparse) => new JsonArray([.. value.Select(v => item.Write(v, sparse))]);

    public override JsonObject Describe(SchemaDefinitions definitions)
    {
        JsonObject schema = new() { ["type"] = "array", ["items"] = item.Describe(definitions) };
        if (minimumCount > 0)
        {
            schema["minItems"] = minimumCount;
        }

        return schema;
    }
}

/// <summary>A value that may be null, for value types.</summary>
internal sealed class OptionalValueKind<T>(Kind<T> inner) : Kind<T?>
    where T : struct
{
    public override string Expected => inner.Expected;

    public override bool Accepts(T? value) => value is null || inner.Accepts(value.Value);

    public override T? Read(JsonNode? node, SettingPath path) => node is null ? null : inner.Read(node, path);

    public override JsonNode? Write(T? value, bool sparse) => value is null ? null : inner.Write(value.Value, sparse);

    public override JsonObject Describe(SchemaDefinitions definitions) => OptionalSchema.Of(inner.Describe(definitions));
}

/// <summary>A value that may be null, for classes.</summary>
internal sealed class OptionalKind<T>(Kind<T> inner) : Kind<T?>
    where T : class
{
    public override string Expected => inner.Expected;

    // An absent section stays absent in a sparse tree; an edit of a setting in it makes it.
    public override bool HasSettings => false;

    public override bool Accepts(T? value) => value is null || inner.Accepts(value);

    public override T? Read(JsonNode? node, SettingPath path) => node is null ? null : inner.Read(node, path);

    public override JsonNode? Write(T? value, bool sparse) => value is null ? null : inner.Write(value, sparse);

    public override JsonObject Describe(SchemaDefinitions definitions) => OptionalSchema.Of(inner.Describe(definitions));
}

/// <summary>The schema of "this or null".</summary>
internal static class OptionalSchema
{
    public static JsonObject Of(JsonObject schema)
    {
        if (schema["type"] is JsonValue type && type.GetValueKind() is JsonValueKind.String)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
            return schema;
        }

        return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }
}
