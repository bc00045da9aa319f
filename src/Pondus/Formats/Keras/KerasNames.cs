using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>Gives the tensors of a file Keras' names for them.</summary>
internal sealed class KerasNames
{
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
        KerasLists lists = names.ReadLists();
        if (lists.HasLayers)
        {
            names.NameByLists(lists);
        }
        else
        {
            names.NameByGroups(KerasConfig.IsFunctional(metadata.GetValueOrDefault("config")));
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
            // The lists of names are kept whole elsewhere.
            if (name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is not KerasLists.LayerNames)
            {
                Metadata[name] = attribute.ToText();
            }
        }
    }

    // A list that is too long for one attribute is spread over several, with a number at the name's end.
    private static List<string>? TextsOf(Hdf5Node node, string name)
    {
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

    private KerasLists ReadLists()
    {
        KerasLists lists = new();
        foreach (Hdf5Node node in _groups.Values)
        {
            foreach (string attribute in new[] { KerasLists.LayerNames, KerasLists.WeightNames })
            {
                if (TextsOf(node, attribute) is { } names)
                {
                    lists.Add(node.Path, attribute, names);
                }
            }
        }

        return lists;
    }

    private void NameByLists(KerasLists lists)
    {
        Metadata[KerasLists.MetadataKey] = lists.ToJson();
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach ((string name, string path) in lists.Weights())
        {
            if (_byPath.TryGetValue(path, out WeightEntry? entry))
            {
                Tensors.Add((name, entry));
                taken.Add(path);
            }
        }

        AddRest(taken);
    }

    private void NameByGroups(bool? isFunctional)
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
