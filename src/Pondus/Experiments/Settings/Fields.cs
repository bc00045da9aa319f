using System.Text.Json.Nodes;
using Pondus.Data;

namespace Pondus.Experiments.Settings;

/// <summary>Walks over the settings of a section. A section names its settings once, and reading, writing and describing all walk that list.</summary>
internal abstract class Fields
{
    /// <summary>Visits one setting.</summary>
    /// <param name="key">Its name in the file.</param>
    /// <param name="current">Its value now: the default when reading.</param>
    /// <param name="kind">What it may be.</param>
    /// <param name="summary">What it means, one sentence.</param>
    /// <returns>Its value after the visit.</returns>
    public abstract T Get<T>(string key, T current, Kind<T> kind, string summary);

    /// <summary>States a rule that ties several settings together; only reading checks it.</summary>
    public virtual void Check(bool holds, string key, string expected, string got)
    {
    }
}

/// <summary>Takes settings from a JSON object.</summary>
internal sealed class FieldReader(JsonObject source, SettingPath path, IReadOnlyList<string> otherKeys) : Fields
{
    private readonly List<string> _known = [.. otherKeys];
    private ExperimentException? _firstProblem;

    public override T Get<T>(string key, T current, Kind<T> kind, string summary)
    {
        _known.Add(key);
        if (source.TryGetPropertyValue(key, out JsonNode? node))
        {
            return kind.Read(node, path.Key(key));
        }

        if (!kind.Accepts(current))
        {
            _firstProblem ??= path.Key(key).Wrong(kind.Expected, "nothing");
        }

        return current;
    }

    public override void Check(bool holds, string key, string expected, string got)
    {
        if (!holds)
        {
            _firstProblem ??= path.Key(key).Wrong(expected, got);
        }
    }

    /// <summary>Refuses keys that nobody asked for, then reports what was missing.</summary>
    /// <param name="owner">Who has the known keys, for the message.</param>
    public void Finish(string owner)
    {
        foreach ((string key, JsonNode? _) in source)
        {
            if (!_known.Contains(key, StringComparer.Ordinal))
            {
                // A misspelt key is also a missing one; its spelling is the cause, so it is named first.
                string shown = SettingPath.Show(JsonValue.Create(key))[1..^1];
                string hint = NearestName.Hint(key, _known);
                throw new ExperimentException(path.Key(shown).Text, $"unknown key.{(hint.Length > 0 ? hint : $" {owner} has: {string.Join(", ", _known)}.")}");
            }
        }

        if (_firstProblem is not null)
        {
            throw _firstProblem;
        }
    }
}

/// <summary>Puts settings into a JSON object.</summary>
internal sealed class FieldWriter(JsonObject target, JsonObject? defaults) : Fields
{
    public override T Get<T>(string key, T current, Kind<T> kind, string summary)
    {
        // Among the defaults, a required section is null.
        if (current is null && !kind.Accepts(current))
        {
            return current;
        }

        JsonNode? node = kind.Write(current, sparse: defaults is not null);
        bool isDefault = defaults is not null && !kind.HasSettings && defaults.TryGetPropertyValue(key, out JsonNode? other) && JsonNode.DeepEquals(node, other);
        if (!isDefault)
        {
            target[key] = node;
        }

        return current;
    }
}

/// <summary>Puts settings into the <c>properties</c> of a JSON Schema.</summary>
internal sealed class FieldDescriber(JsonObject properties, JsonArray required, SchemaDefinitions definitions) : Fields
{
    public override T Get<T>(string key, T current, Kind<T> kind, string summary)
    {
        JsonObject schema = new() { ["description"] = summary };
        if (kind.Accepts(current))
        {
            schema["default"] = kind.Write(current, sparse: false);
        }
        else
        {
            required.Add((JsonNode?)JsonValue.Create(key));
        }

        foreach ((string name, JsonNode? value) in kind.Describe(definitions))
        {
            schema[name] = value?.DeepClone();
        }

        properties[key] = schema;
        return current;
    }
}
