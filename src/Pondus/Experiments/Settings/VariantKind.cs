using System.Text.Json;
using System.Text.Json.Nodes;
using Pondus.Data;

namespace Pondus.Experiments.Settings;

/// <summary>One of several sections, told apart by a key: <c>{"type": "AdamW", "learningRate": 0.01}</c>, or the bare name when every setting has a default.</summary>
/// <typeparam name="T">Base record of the variants.</typeparam>
internal sealed class VariantKind<T> : Kind<T>
    where T : class
{
    private readonly string _definition;
    private readonly string _key;
    private readonly Func<T, string> _nameOf;
    private readonly string[] _names;
    private readonly SectionKind<T>[] _sections;

    /// <summary>Makes the kind.</summary>
    /// <param name="definition">Name in the schema's definitions.</param>
    /// <param name="key">Key that holds the variant's name.</param>
    /// <param name="nameOf">Gets a variant's name.</param>
    /// <param name="visit">Names the settings of a variant.</param>
    /// <param name="defaults">Every variant with its settings at their defaults.</param>
    public VariantKind(string definition, string key, Func<T, string> nameOf, Func<T, Fields, T> visit, params T[] defaults)
    {
        _definition = definition;
        _key = key;
        _nameOf = nameOf;
        _names = [.. defaults.Select(nameOf)];
        _sections = [.. defaults.Select(d => new SectionKind<T>(d, visit, shorthand: null, key))];
    }

    public override string Expected => $"one of {string.Join(", ", _names)}";

    public override bool HasSettings => true;

    public override bool Accepts(T value) => value is not null;

    public override T Read(JsonNode? node, SettingPath path)
    {
        JsonObject? source = node as JsonObject;
        SettingPath namePath = source is null ? path : path.Key(_key);
        JsonNode? nameNode = source is null ? node : source[_key];
        if (nameNode?.GetValueKind() is not JsonValueKind.String)
        {
            throw namePath.Wrong(Expected, source is not null && nameNode is null ? "nothing" : SettingPath.Show(nameNode));
        }

        string name = nameNode.GetValue<string>();
        int index = Array.IndexOf(_names, name);
        return index >= 0
            ? _sections[index].Read(source ?? [], path, name)
            : throw namePath.Wrong(Expected, nameNode, NearestName.Hint(name, _names));
    }

    public override JsonNode? Write(T value, bool sparse)
    {
        string name = _nameOf(value);
        JsonObject target = new() { [_key] = name };
        _sections[Array.IndexOf(_names, name)].WriteTo(target, value, sparse);
        return target;
    }

    public override JsonObject Describe(SchemaDefinitions definitions) => definitions.Reference(_definition, () =>
    {
        JsonArray bareNames = [];
        JsonArray variants = [];
        for (int i = 0; i < _names.Length; i++)
        {
            variants.Add((JsonNode?)_sections[i].DescribeObject(definitions, out bool hasRequired, new(_key, _names[i])));
            if (!hasRequired)
            {
                bareNames.Add((JsonNode?)JsonValue.Create(_names[i]));
            }
        }

        variants.Insert(0, new JsonObject { ["enum"] = bareNames });
        return new JsonObject { ["anyOf"] = variants };
    });
}
