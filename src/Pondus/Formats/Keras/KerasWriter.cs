using System.Globalization;
using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>Writes <c>.weights.h5</c> as Keras stores weights, so that <c>load_weights</c> of a model of the same architecture takes it.</summary>
internal static class KerasWriter
{
    internal static void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        Dictionary<string, string> layers = metadata.TryGetValue(KerasPaths.MetadataKey, out string? json) && KerasPaths.FromJson(json) is { } known ? known : [];
        List<WeightEntry> stored = StoredEntries(entries, layers, KerasConfig.IsFunctional(metadata.GetValueOrDefault("config")));
        Dictionary<string, IReadOnlyList<Hdf5Attribute>> attributes = new(StringComparer.Ordinal);
        foreach ((string layer, string name) in layers)
        {
            attributes[layer.Length == 0 ? "vars" : $"{layer}/vars"] = [new Hdf5Attribute("name", [name], IsScalar: true, IsText: true)];
        }

        attributes[""] = Hdf5Writer.AttributesOf(metadata.Where(static pair => pair.Key is not KerasPaths.MetadataKey).ToDictionary(StringComparer.Ordinal));
        Hdf5Writer.Save(path, stored, attributes);
    }

    private static List<WeightEntry> StoredEntries(IReadOnlyList<WeightEntry> entries, Dictionary<string, string> layers, bool? isFunctional)
    {
        KerasPaths paths = new(layers, isFunctional);
        Dictionary<string, string> layerOfScope = new(StringComparer.Ordinal);
        foreach ((string layer, string scope) in paths.Scopes())
        {
            layerOfScope.TryAdd(scope, layer);
        }

        List<WeightEntry> stored = [];
        List<string> unknown = [];
        foreach (IGrouping<string, WeightEntry> group in entries.GroupBy(static entry => KerasPaths.GroupOf(entry.Name), StringComparer.Ordinal))
        {
            if (KerasPaths.LayerOf(group.Key) is not null)
            {
                stored.AddRange(group);
            }
            else if (!layerOfScope.TryGetValue(group.Key, out string? layer) || !AddLayer(stored, paths, $"{(layer.Length == 0 ? string.Empty : $"{layer}/")}vars", [.. group]))
            {
                unknown.AddRange(group.Select(static entry => entry.Name));
            }
        }

        return unknown.Count == 0
            ? stored
            : throw new NotSupportedException(
                $"Keras weights: expected names as Keras stores them (layers/dense/vars/0), or its own names and the metadata '{KerasPaths.MetadataKey}' of the file they came from, got {unknown.Count} others, such as '{unknown[0]}'. Write a plain .h5 instead.");
    }

    private static bool AddLayer(List<WeightEntry> stored, KerasPaths paths, string group, List<WeightEntry> entries)
    {
        // The kernel's type tells whether the layer is quantized.
        WeightEntry first = entries.Find(static entry => entry.Name.EndsWith("kernel", StringComparison.Ordinal)) ?? entries[0];
        IReadOnlyList<string> names = paths.NamesOf(group, [first.DataType, .. Enumerable.Repeat("", entries.Count - 1)]);
        if (names.Count != entries.Count)
        {
            return false;
        }

        for (int i = 0; i < names.Count; i++)
        {
            WeightEntry? entry = entries.Find(candidate => string.Equals(candidate.Name, names[i], StringComparison.Ordinal));
            if (entry is null)
            {
                return false;
            }

            stored.Add(new WeightEntry(string.Create(CultureInfo.InvariantCulture, $"{group}/{i}"), entry.DataType, entry.Shape, entry.ByteCount, entry.Read));
        }

        return true;
    }
}
