using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pondus.Formats.Keras;

/// <summary>Translates between the paths at which Keras stores weights (<c>layers/dense/vars/0</c>) and its names for them (<c>fc/kernel</c>).</summary>
/// <remarks>
/// A group <c>vars</c> has its layer's name as an attribute. The layers around a layer come before it in a path, functional models excepted.
/// Source: keras/src/saving/saving_lib.py and keras/src/backend/common/name_scope.py of Keras 3.15.
/// </remarks>
internal sealed class KerasPaths
{
    /// <summary>Where a file's metadata keep the layers' names by their groups, so that a converted file can be written as Keras stores it.</summary>
    public const string MetadataKey = "keras.layers";

    private const string Vars = "vars";
    private static readonly string[] s_kernel = ["kernel", "bias"];
    private static readonly string[] s_affine = ["gamma", "beta"];
    private static readonly string[] s_separable = ["depthwise_kernel", "pointwise_kernel", "bias"];
    private static readonly string[] s_cell = ["kernel", "recurrent_kernel", "bias"];

    // The names of a kind of layer's variables in their order, and the least of them that are always there.
    private static readonly Dictionary<string, (string[] Names, int Least)> s_kinds = new(StringComparer.Ordinal)
    {
        ["dense"] = (s_kernel, 1),
        ["einsum_dense"] = (s_kernel, 1),
        ["conv1d"] = (s_kernel, 1),
        ["conv2d"] = (s_kernel, 1),
        ["conv3d"] = (s_kernel, 1),
        ["conv1d_transpose"] = (s_kernel, 1),
        ["conv2d_transpose"] = (s_kernel, 1),
        ["conv3d_transpose"] = (s_kernel, 1),
        ["depthwise_conv1d"] = (s_kernel, 1),
        ["depthwise_conv2d"] = (s_kernel, 1),
        ["query_dense"] = (s_kernel, 1),
        ["key_dense"] = (s_kernel, 1),
        ["value_dense"] = (s_kernel, 1),
        ["output_dense"] = (s_kernel, 1),
        ["separable_conv1d"] = (s_separable, 2),
        ["separable_conv2d"] = (s_separable, 2),
        ["layer_normalization"] = (s_affine, 2),
        ["group_normalization"] = (s_affine, 2),
        ["rms_normalization"] = (["scale"], 1),
        ["batch_normalization"] = (["gamma", "beta", "moving_mean", "moving_variance"], 4),
        ["normalization"] = (["mean", "variance", "count"], 3),
        ["embedding"] = (["embeddings"], 1),
        ["p_re_lu"] = (["alpha"], 1),
        ["seed_generator"] = (["seed_generator_state"], 1),
        ["cell"] = (s_cell, 2),
        ["lstm_cell"] = (s_cell, 2),
        ["gru_cell"] = (s_cell, 2),
        ["simple_rnn_cell"] = (s_cell, 2),
    };

    private readonly IReadOnlyDictionary<string, string> _layers;
    private readonly bool _isFunctional;

    /// <summary>Knows layers' names by their groups; the model's own group is empty.</summary>
    public KerasPaths(IReadOnlyDictionary<string, string> layers, bool? isFunctional)
    {
        _layers = layers;
        // Only a functional model keeps its inputs as layers.
        _isFunctional = isFunctional ?? layers.Keys.Any(static layer => layer.StartsWith("layers/input_layer", StringComparison.Ordinal));
    }

    /// <summary>Gives the group of a layer whose variables' group this is, or null.</summary>
    internal static string? LayerOf(string path) =>
        path is Vars ? "" : path.EndsWith($"/{Vars}", StringComparison.Ordinal) ? path[..^(Vars.Length + 1)] : null;

    /// <summary>Gives the group that a variable is in.</summary>
    internal static string GroupOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    /// <summary>Gives the number of a variable in its group; the greatest number when it has none.</summary>
    internal static int NumberOf(string path) =>
        int.TryParse(path.AsSpan(path.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;

    /// <summary>Writes the layers' names as JSON.</summary>
    internal static string ToJson(IReadOnlyDictionary<string, string> layers)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            foreach ((string layer, string name) in layers)
            {
                writer.WriteString(layer, name);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads the layers' names; null when the text is none of ours.</summary>
    internal static Dictionary<string, string>? FromJson(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            Dictionary<string, string> layers = new(StringComparer.Ordinal);
            foreach (JsonProperty property in json.RootElement.EnumerateObject())
            {
                layers[property.Name] = property.Value.GetString() ?? "";
            }

            return layers;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Gives Keras' names for the variables of a group, in their order; none when they are not known.</summary>
    internal IReadOnlyList<string> NamesOf(string group, IReadOnlyList<string> dataTypes)
    {
        if (LayerOf(group) is not { } layer || layer.StartsWith("optimizer", StringComparison.Ordinal) || !_layers.TryGetValue(layer, out string? name))
        {
            return [];
        }

        string component = layer[(layer.LastIndexOf('/') + 1)..];
        string[]? variables = VariablesOf(component, dataTypes) ?? VariablesOf(name, dataTypes);
        string scope = ScopeOf(layer);
        return variables is null ? [] : [.. variables.Select(variable => scope.Length == 0 ? variable : $"{scope}/{variable}")];
    }

    /// <summary>Gives the names of all layers' scopes by their groups.</summary>
    internal Dictionary<string, string> Scopes() => _layers.Keys.ToDictionary(static layer => layer, ScopeOf, StringComparer.Ordinal);

    private static string[]? VariablesOf(string component, IReadOnlyList<string> dataTypes)
    {
        string kind = Kind(component);
        if (!s_kinds.TryGetValue(kind, out (string[] Names, int Least) known))
        {
            return null;
        }

        int count = dataTypes.Count;
        if (known.Names == s_kernel && dataTypes[0] is "int8" or "uint8")
        {
            string[] quantized = count % 2 == 0 ? ["kernel", "kernel_scale", "kernel_zero", "g_idx"] : ["kernel", "bias", "kernel_scale", "kernel_zero", "g_idx"];
            return count <= quantized.Length && count > 1 ? quantized[..count] : null;
        }

        if (kind is "batch_normalization" && count == 2)
        {
            return known.Names[2..];
        }

        return count >= known.Least && count <= known.Names.Length ? known.Names[..count] : null;
    }

    // Without the number that tells layers of a kind apart, and without the underscore of a private one.
    private static string Kind(string component)
    {
        string name = component.TrimStart('_');
        int underscore = name.LastIndexOf('_');
        return underscore > 0 && name[(underscore + 1)..].All(char.IsAsciiDigit) ? name[..underscore] : name;
    }

    private static IEnumerable<string> Outward(string layer)
    {
        yield return "";
        for (int at = layer.IndexOf('/'); at >= 0; at = layer.IndexOf('/', at + 1))
        {
            yield return layer[..at];
        }

        if (layer.Length > 0)
        {
            yield return layer;
        }
    }

    private string ScopeOf(string layer) => string.Join('/', Outward(layer)
        .Where(outer => _layers.TryGetValue(outer, out string? name) && name.Length > 0 && (outer.Length == layer.Length || !IsFunctional(outer)))
        .Select(outer => _layers[outer]));

    private bool IsFunctional(string group) => group.Length == 0 ? _isFunctional : Kind(group[(group.LastIndexOf('/') + 1)..]) is "functional";
}
