using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A change of one setting of an experiment.</summary>
/// <param name="Path">Path to the setting, such as <c>optimizer.learningRate</c> or <c>model[2].rate</c>.</param>
/// <param name="Value">The new value as JSON; what is not JSON is taken as text, so <c>Adam</c> needs no quotes.</param>
/// <remarks>
/// <para>A path may end at a section: <c>optimizer=Adam</c> replaces it whole, <c>optimizer.type=Adam</c> keeps the settings given before.</para>
/// </remarks>
public sealed record ExperimentEdit(string Path, string Value)
{
    /// <summary>Reads an edit as it is written on a command line.</summary>
    /// <param name="text">A path, an equals sign, a value.</param>
    /// <returns>The edit.</returns>
    /// <exception cref="FormatException">There is no equals sign, or nothing before it.</exception>
    public static ExperimentEdit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new ExperimentEdit(text[..equals].Trim(), text[(equals + 1)..].Trim())
            : throw new FormatException($"expected key=value, such as optimizer.learningRate=0.01, got '{text}'.");
    }

    internal void Apply(JsonObject root)
    {
        List<string> keys = Keys();
        JsonNode node = root;
        SettingPath path = new(string.Empty, Folder: null);
        for (int i = 0; i < keys.Count; i++)
        {
            bool last = i == keys.Count - 1;
            switch (node)
            {
                case JsonObject section:
                    path = path.Key(keys[i]);
                    if (last)
                    {
                        section[keys[i]] = ParsedValue();
                        return;
                    }

                    // A section that is absent is at its defaults, so it is made; one that does not exist is found out by the check that follows.
                    node = section[keys[i]] ?? (section[keys[i]] = new JsonObject());
                    break;
                case JsonArray list:
                    int index = Index(keys[i], list.Count, path);
                    path = path.Index(index);
                    if (last)
                    {
                        list[index] = ParsedValue();
                        return;
                    }

                    node = list[index] ?? (list[index] = new JsonObject());
                    break;
                default:
                    throw path.Key(keys[i]).Wrong("a setting", $"{path.Text}, which is {SettingPath.Show(node)} and has none");
            }
        }
    }

    private static int Index(string key, int count, SettingPath path) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < count
            ? index
            : throw path.Wrong(count == 0 ? "no index, the list is empty" : $"an index from 0 to {count - 1}", $"'{key}'");

    private JsonNode? ParsedValue()
    {
        try
        {
            return JsonText.Parse(Value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Value);
        }
    }

    private List<string> Keys()
    {
        string[] keys = Path.Replace("[", ".", StringComparison.Ordinal).Replace("]", string.Empty, StringComparison.Ordinal).Split('.');
        return keys.All(static k => k.Length > 0) && keys.Length <= 32
            ? [.. keys]
            : throw new ExperimentException(Path.Length == 0 ? "edit" : Path, "expected a path such as optimizer.learningRate or model[2].rate.");
    }
}
