using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pondus.Tests.Experiments;

/// <summary>Checks JSON against the part of JSON Schema 2020-12 that the experiment schema uses; any other keyword is refused.</summary>
internal sealed class SchemaValidator(JsonObject root)
{
    private static readonly string[] s_ignored = ["$schema", "$defs", "title", "description", "default"];

    public bool Accepts(JsonNode? value) => Accepts(root, value);

    private static bool IsNumber(JsonNode? value, out double number)
    {
        number = 0;
        return value is JsonValue v && v.GetValueKind() is System.Text.Json.JsonValueKind.Number && v.TryGetValue(out number);
    }

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => IsNumber(value, out double n) && Math.Floor(n) == n ? "integer" : "number",
            _ => "boolean",
        },
    };

    private static bool IsType(string type, JsonNode? value) => string.Equals(TypeOf(value), type, StringComparison.Ordinal) || (type is "number" && TypeOf(value) is "integer");

    private bool Accepts(JsonObject schema, JsonNode? value) => schema.All(k => Accepts(schema, k.Key, k.Value, value));

    private bool Accepts(JsonObject schema, string keyword, JsonNode? rule, JsonNode? value)
    {
        if (s_ignored.Contains(keyword))
        {
            return true;
        }

        bool isNumber = IsNumber(value, out double number);
        JsonObject? item = value as JsonObject;
        JsonArray? list = value as JsonArray;
        string? text = TypeOf(value) is "string" ? value!.GetValue<string>() : null;
        return keyword switch
        {
            "$ref" => Accepts(root["$defs"]![rule!.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), value),
            "anyOf" => rule!.AsArray().Any(s => Accepts(s!.AsObject(), value)),
            "enum" => rule!.AsArray().Any(v => JsonNode.DeepEquals(v, value)),
            "const" => JsonNode.DeepEquals(rule, value),
            "type" => rule is JsonArray types ? types.Any(t => IsType(t!.GetValue<string>(), value)) : IsType(rule!.GetValue<string>(), value),
            "minimum" => !isNumber || number >= rule!.GetValue<double>(),
            "maximum" => !isNumber || number <= rule!.GetValue<double>(),
            "exclusiveMinimum" => !isNumber || number > rule!.GetValue<double>(),
            "exclusiveMaximum" => !isNumber || number < rule!.GetValue<double>(),
            "minLength" => text is null || text.Length >= rule!.GetValue<int>(),
            "pattern" => text is null || Regex.IsMatch(text, rule!.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)),
            "minItems" => list is null || list.Count >= rule!.GetValue<int>(),
            "items" => list is null || list.All(v => Accepts(rule!.AsObject(), v)),
            "required" => item is null || rule!.AsArray().All(k => item.ContainsKey(k!.GetValue<string>())),
            "properties" => item is null || item.All(p => rule![p.Key] is not JsonObject s || Accepts(s, p.Value)),
            "additionalProperties" => item is null || item.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
            _ => throw new NotSupportedException(keyword),
        };
    }
}
