using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>An object with a fixed list of settings.</summary>
/// <typeparam name="T">Record that holds the settings.</typeparam>
internal sealed class SectionKind<T> : Kind<T>
    where T : class
{
    private readonly T _default;
    private readonly Func<T, Fields, T> _visit;
    private readonly string? _shorthand;
    private readonly string[] _otherKeys;

    /// <summary>Makes the kind of a section.</summary>
    /// <param name="defaults">A record with every setting at its default; required ones at a value that is not allowed.</param>
    /// <param name="visit">Names the settings, see <see cref="Fields"/>.</param>
    /// <param name="shorthand">Setting that a bare value stands for, if any.</param>
    /// <param name="otherKeys">Keys that are allowed and not read here.</param>
    public SectionKind(T defaults, Func<T, Fields, T> visit, string? shorthand = null, params string[] otherKeys)
    {
        _default = defaults;
        _visit = visit;
        _shorthand = shorthand;
        _otherKeys = otherKeys;
    }

    public override string Expected => "an object";

    public override bool HasSettings => true;

    public override bool Accepts(T value) => value is not null;

    public override T Read(JsonNode? node, SettingPath path)
    {
        if (_shorthand is not null && node is JsonValue)
        {
            node = new JsonObject { [_shorthand] = node.DeepClone() };
        }

        return node is JsonObject source ? Read(source, path, path.Text.Length == 0 ? "The file" : path.Text) : throw path.Wrong(Expected, node);
    }

    /// <summary>Reads the settings of an object.</summary>
    public T Read(JsonObject source, SettingPath path, string owner)
    {
        FieldReader reader = new(source, path, _otherKeys);
        T value = _visit(_default, reader);
        reader.Finish(owner);
        return value;
    }

    public override JsonNode? Write(T value, bool sparse)
    {
        JsonObject target = [];
        WriteTo(target, value, sparse);
        return target;
    }

    /// <summary>Writes the settings into an object.</summary>
    public void WriteTo(JsonObject target, T value, bool sparse)
    {
        JsonObject? defaults = null;
        if (sparse)
        {
            defaults = [];
            _visit(_default, new FieldWriter(defaults, defaults: null));
        }

        _visit(value, new FieldWriter(target, defaults));
    }

    public override JsonObject Describe(SchemaDefinitions definitions)
    {
        JsonObject section = DescribeObject(definitions, out bool _);
        if (_shorthand is null)
        {
            return section;
        }

        JsonObject bare = section["properties"]![_shorthand]!.DeepClone().AsObject();
        return new JsonObject { ["anyOf"] = new JsonArray(bare, section) };
    }

    /// <summary>Describes the object.</summary>
    /// <param name="definitions">Shared definitions.</param>
    /// <param name="hasRequired">Whether some setting has no default.</param>
    /// <param name="discriminator">Key and value that tell this object from its siblings, if any.</param>
    public JsonObject DescribeObject(SchemaDefinitions definitions, out bool hasRequired, KeyValuePair<string, string>? discriminator = null)
    {
        JsonObject properties = [];
        JsonArray required = [];
        if (discriminator is (string key, string name))
        {
            properties[key] = new JsonObject { ["const"] = name };
            required.Add((JsonNode?)JsonValue.Create(key));
        }

        foreach (string other in _otherKeys)
        {
            if (!properties.ContainsKey(other))
            {
                properties[other] = new JsonObject { ["type"] = "string" };
            }
        }

        int before = required.Count;
        _visit(_default, new FieldDescriber(properties, required, definitions));
        hasRequired = required.Count > before;
        JsonObject schema = new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }
}
