using System.Text;
using System.Text.Json;

namespace Pondus.Formats.Keras;

/// <summary>The lists of names that older files keep as attributes: layers in their order, and the weights of each.</summary>
internal sealed class KerasLists
{
    /// <summary>Where a file's metadata keep the lists, so that a converted file can be written as Keras stores it.</summary>
    public const string MetadataKey = "keras.weights";

    public const string LayerNames = "layer_names";
    public const string WeightNames = "weight_names";
    private const string WholeModel = "model_weights";
    private const string OwnWeights = "top_level_model_weights";

    private readonly Dictionary<string, IReadOnlyList<string>> _lists = new(StringComparer.Ordinal);

    /// <summary>Gets the lists by group and attribute, as <c>model_weights/dense@weight_names</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> All => _lists;

    /// <summary>Gets whether there are layers, so that it is an older file.</summary>
    public bool HasLayers => _lists.ContainsKey(Key("", LayerNames)) || _lists.ContainsKey(Key(WholeModel, LayerNames));

    /// <summary>Reads the lists from a file's metadata; null when they are not there.</summary>
    internal static KerasLists? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(MetadataKey, out string? text))
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            KerasLists lists = new();
            foreach (JsonProperty list in json.RootElement.EnumerateObject())
            {
                lists._lists[list.Name] = [.. list.Value.EnumerateArray().Select(static name => name.GetString() ?? "")];
            }

            return lists.HasLayers ? lists : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Add(string group, string attribute, IReadOnlyList<string> names) => _lists[Key(group, attribute)] = names;

    /// <summary>Writes the lists as JSON.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            foreach ((string key, IReadOnlyList<string> names) in _lists)
            {
                writer.WriteStartArray(key);
                foreach (string name in names)
                {
                    writer.WriteStringValue(name);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Gives the name of each listed weight and the path at which it is stored, in the order of the layers.</summary>
    public List<(string Name, string Path)> Weights()
    {
        string root = _lists.ContainsKey(Key("", LayerNames)) ? "" : WholeModel;
        HashSet<string> paths = new(StringComparer.Ordinal);
        List<(string Layer, string Name, string Path)> weights = [];
        foreach (string layer in (IEnumerable<string>)[.. _lists[Key(root, LayerNames)], OwnWeights])
        {
            string group = root.Length == 0 ? layer : $"{root}/{layer}";
            foreach (string weight in _lists.GetValueOrDefault(Key(group, WeightNames)) ?? [])
            {
                if (paths.Add($"{group}/{weight}"))
                {
                    // TensorFlow numbered the outputs of each operation: a variable is always the first.
                    weights.Add((layer, weight.EndsWith(":0", StringComparison.Ordinal) ? weight[..^2] : weight, $"{group}/{weight}"));
                }
            }
        }

        // By the layer as well where layers share a name, and by the path where that does not help.
        return Named(weights, static weight => weight.Name) ?? Named(weights, static weight => $"{weight.Layer}/{weight.Name}") ?? weights.ConvertAll(static weight => (weight.Path, weight.Path));
    }

    private static List<(string Name, string Path)>? Named(List<(string Layer, string Name, string Path)> weights, Func<(string Layer, string Name, string Path), string> name)
    {
        List<(string Name, string Path)> named = weights.ConvertAll(weight => (name(weight), weight.Path));
        return named.Select(static weight => weight.Name).Distinct(StringComparer.Ordinal).Count() == named.Count ? named : null;
    }

    private static string Key(string group, string attribute) => $"{group}@{attribute}";
}
