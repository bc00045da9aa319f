using Pondus.Formats;

namespace Pondus.Training;

/// <summary>Finds the weights of a module in a file that may hold more, or hold them under a wrapper's name.</summary>
internal sealed class StateDictionary
{
    private const int DeepestWrapping = 4;

    // What a checkpoint calls its model, beside an optimizer and the like; and what wrappers put before all names.
    private static readonly string[] s_containers = ["state_dict", "model", "model_state_dict", "net", "params", "generator", "ema"];
    private static readonly string[] s_wrappers = ["module", "_orig_mod"];

    private readonly List<string> _notes = [];

    private StateDictionary(Dictionary<string, WeightEntry> entries) => Entries = entries;

    /// <summary>Gets the tensors by the module's names.</summary>
    public Dictionary<string, WeightEntry> Entries { get; }

    /// <summary>Gets what was done beyond taking names as they are, as sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Finds the weights; when they are not all there, the names of the file as they are.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wanted">Names that the module must get.</param>
    /// <param name="rename">Gives the module's name for a name in the file; null takes names as they are.</param>
    public static StateDictionary Find(WeightFile file, IReadOnlyCollection<string> wanted, Func<string, string>? rename)
    {
        List<(string Name, WeightEntry Entry)> all = [.. file.Entries.Select(static entry => (entry.Name, entry))];
        return Unwrapped(file, all, "", wanted, rename, 0) ?? Renamed(file, all, wanted, rename);
    }

    private static StateDictionary? Unwrapped(WeightFile file, List<(string Name, WeightEntry Entry)> entries, string prefix, IReadOnlyCollection<string> wanted, Func<string, string>? rename, int depth)
    {
        StateDictionary here = Renamed(file, entries, wanted, rename);
        if (wanted.All(here.Entries.ContainsKey))
        {
            int left = file.Entries.Count - entries.Count;
            if (prefix.Length > 0)
            {
                here._notes.Insert(0, $"The names without '{prefix}' are those of the module.{(left > 0 ? $" What else the file holds, such as an optimizer's state, was left out: {left} of {file.Entries.Count} tensors." : "")}");
            }

            return here;
        }

        if (depth == DeepestWrapping)
        {
            return null;
        }

        foreach (string segment in s_containers.Concat(s_wrappers).Select(static name => name + "."))
        {
            List<(string Name, WeightEntry Entry)> within = [.. entries.Where(pair => pair.Name.StartsWith(segment, StringComparison.Ordinal)).Select(pair => (pair.Name[segment.Length..], pair.Entry))];
            if (within.Count > 0 && Unwrapped(file, within, prefix + segment, wanted, rename, depth + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static StateDictionary Renamed(WeightFile file, List<(string Name, WeightEntry Entry)> entries, IReadOnlyCollection<string> wanted, Func<string, string>? rename)
    {
        Dictionary<string, WeightEntry> byName = new(StringComparer.Ordinal);
        foreach ((string old, WeightEntry entry) in entries)
        {
            string name = rename?.Invoke(old) ?? old;
            if (!byName.TryAdd(name, entry))
            {
                throw new WeightFormatException(file.Path, 0, $"expected each name once, got '{byName[name].Name}' and '{entry.Name}' for '{name}'.");
            }
        }

        StateDictionary found = new(byName);
        found._notes.AddRange(WeightNormalization.Fold(byName, wanted));
        return found;
    }
}
