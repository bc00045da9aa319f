using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>Gives the tensors of a file Keras' names for them.</summary>
internal sealed class KerasNames
{
    private const string WeightNames = "weight_names";
    private const string LayerNames = "layer_names";

    private readonly Dictionary<string, WeightEntry> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Hdf5Node> _groups = new(StringComparer.Ordinal);

    /// <summary>Gets the tensors by name, in the order of the file.</summary>
    public List<(string Name, WeightEntry Entry)> Tensors { get; } = [];

    /// <summary>Gets what the groups say, as texts.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Names the tensors of the files that make up a model.</summary>
    internal static KerasNames Read(string path, IReadOnlyList<Hdf5Tree> trees, IReadOnlyDictionary<string, string> metadata)
    {
        KerasNames names = new();
        foreach (Hdf5Node node in trees.SelectMany(static tree => tree.Nodes))
        {
            if (node.Entry is null)
            {
                // A group may be spread over files; the first one has its attributes.
                if (!names._groups.TryGetValue(node.Path, out Hdf5Node? known) || known.Attributes.Count == 0)
                {
                    names._groups[node.Path] = node;
                }
            }
            else if (!names._byPath.TryAdd(node.Path, node.Entry))
            {
                throw new WeightFormatException(path, 0, $"'{node.Path}': expected it in one of the files, got it in two.");
            }
        }

        names.ReadRoot();
        if (names.TextsOf("", LayerNames) is not null || names.TextsOf("model_weights", LayerNames) is not null)
        {
            names.ReadLegacy();
        }
        else
        {
            names.ReadGroups(KerasConfig.IsFunctional(metadata.GetValueOrDefault("config")));
        }

        return names;
    }

    private void ReadRoot()
    {
        if (!_groups.TryGetValue("", out Hdf5Node? root))
        {
            return;
        }

        foreach ((string name, Hdf5Attribute attribute) in root.Attributes)
        {
            if (name is not LayerNames)
            {
                Metadata[name] = attribute.ToText();
            }
        }
    }

    // A list that is too long for one attribute is spread over several, with a number at the name's end.
    private List<string>? TextsOf(string group, string name)
    {
        if (!_groups.TryGetValue(group, out Hdf5Node? node))
        {
            return null;
        }

        if (node.Attributes.TryGetValue(name, out Hdf5Attribute? whole))
        {
            return whole.IsText ? [.. whole.Values] : [];
        }

        List<string> texts = [];
        int part = 0;
        while (node.Attributes.TryGetValue($"{name}{part}", out Hdf5Attribute? attribute) && attribute.IsText)
        {
            texts.AddRange(attribute.Values);
            part++;
        }

        return part == 0 ? null : texts;
    }

    private void ReadLegacy()
    {
        string root = TextsOf("", LayerNames) is null ? "model_weights/" : "";
        List<(string Layer, string Weight, WeightEntry Entry)> weights = [];
        List<string> layers = [.. TextsOf(root.TrimEnd('/'), LayerNames)!, "top_level_model_weights"];
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (string layer in layers)
        {
            foreach (string weight in TextsOf($"{root}{layer}", WeightNames) ?? [])
            {
                string place = $"{root}{layer}/{weight}";
                if (_byPath.TryGetValue(place, out WeightEntry? entry) && taken.Add(place))
                {
                    weights.Add((layer, weight, entry));
                }
            }
        }

        // TensorFlow numbered the outputs of each operation: a variable is always the first.
        List<string> names = [.. weights.Select(static weight => weight.Weight.EndsWith(":0", StringComparison.Ordinal) ? weight.Weight[..^2] : weight.Weight)];
        bool areUnique = names.Distinct(StringComparer.Ordinal).Count() == names.Count;
        for (int i = 0; i < weights.Count; i++)
        {
            Tensors.Add((areUnique ? names[i] : $"{weights[i].Layer}/{names[i]}", weights[i].Entry));
        }

        AddRest(taken);
    }

    private void ReadGroups(bool? isFunctional)
    {
        Dictionary<string, string> layers = new(StringComparer.Ordinal);
        foreach (Hdf5Node node in _groups.Values)
        {
            if (KerasPaths.LayerOf(node.Path) is { } layer && node.Attributes.TryGetValue("name", out Hdf5Attribute? name) && name.Values is [string text])
            {
                layers[layer] = text;
            }
        }

        if (layers.Count == 0)
        {
            AddRest([]);
            return;
        }

        Metadata[KerasPaths.MetadataKey] = KerasPaths.ToJson(layers);
        KerasPaths paths = new(layers, isFunctional);
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (IGrouping<string, KeyValuePair<string, WeightEntry>> group in _byPath.GroupBy(static pair => KerasPaths.GroupOf(pair.Key), StringComparer.Ordinal))
        {
            List<WeightEntry> entries = [.. group.Select(static pair => pair.Value).OrderBy(static entry => KerasPaths.NumberOf(entry.Name))];
            IReadOnlyList<string> names = paths.NamesOf(group.Key, [.. entries.Select(static entry => entry.DataType)]);
            for (int i = 0; i < entries.Count && names.Count == entries.Count; i++)
            {
                Tensors.Add((names[i], entries[i]));
                taken.Add(entries[i].Name);
            }
        }

        if (Tensors.Select(static tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() != Tensors.Count)
        {
            Tensors.Clear();
            taken.Clear();
        }

        AddRest(taken);
    }

    // By the path at which it is stored: the optimizer's state, and what has no name of Keras'.
    private void AddRest(HashSet<string> taken)
    {
        HashSet<string> names = new(Tensors.Select(static tensor => tensor.Name), StringComparer.Ordinal);
        foreach ((string path, WeightEntry entry) in _byPath)
        {
            if (!taken.Contains(path))
            {
                string name = path;
                while (!names.Add(name))
                {
                    name = $"/{name}";
                }

                Tensors.Add((name, entry));
            }
        }
    }
}
