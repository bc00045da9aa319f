using System.Buffers.Binary;
using Pondus.Formats;
using Pondus.Formats.Safetensors;

namespace Pondus.Training;

/// <summary>Weights of a module as entries of a file, and back.</summary>
public static class ModuleWeights
{
    /// <summary>Lists parameters and buffers with copies of their values.</summary>
    /// <param name="module">The module.</param>
    /// <returns>Entries named as PyTorch names them.</returns>
    public static IReadOnlyList<WeightEntry> Entries(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return [.. module.NamedParameters().Concat(module.NamedBuffers()).Select(static pair => Entry(pair.Name, pair.Parameter))];
    }

    /// <summary>Computes the digest of the weights, see <see cref="WeightDigest"/>.</summary>
    /// <param name="module">The module.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Digest(Module module) => WeightDigest.Compute(Entries(module));

    /// <summary>Writes the weights to a safetensors file that PyTorch and Hugging Face read.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file; replaced in one step.</param>
    /// <param name="metadata">Text to keep with the weights, such as their lineage.</param>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null) => SafetensorsWriter.Save(path, Entries(module), metadata);

    /// <summary>Reads weights by name; nothing is changed unless every name and shape fits.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">A weights file of any format.</param>
    /// <param name="rename">Gives the module's name for a name in the file, such as <see cref="Networks.NameMap.ToTorchvision"/>; null takes names as they are.</param>
    /// <param name="isKept">Says of a parameter's name that it keeps the values it has, such as those of a new head; null takes all from the file.</param>
    /// <returns>What was done beyond taking names as they are, as sentences; most often none.</returns>
    /// <remarks>
    /// A batch norm's <c>num_batches_tracked</c> may be missing, as in files of old versions of PyTorch. Where the names fit only without
    /// a wrapper's (<c>state_dict.</c>, <c>model.</c>, <c>module.</c>, <c>_orig_mod.</c>), they are taken without, and what a checkpoint
    /// holds beside them is left out. Weights kept as length and direction (weight norm) are put together.
    /// </remarks>
    /// <exception cref="WeightFormatException">Names are missing or unexpected, or shapes differ: all are listed.</exception>
    public static IReadOnlyList<string> Load(Module module, string path, Func<string, string>? rename = null, Predicate<string>? isKept = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using WeightFile file = WeightFile.Open(path);
        List<(string Name, Parameter Parameter)> slots = [.. module.NamedParameters().Concat(module.NamedBuffers())];
        StateDictionary state = StateDictionary.Find(file, [.. slots.Where(slot => !slot.Parameter.IsCounter && isKept?.Invoke(slot.Name) != true).Select(static slot => slot.Name)], rename);
        Dictionary<string, WeightEntry> entries = state.Entries;
        List<string> problems = [];
        List<(Parameter Parameter, float[] Values)> found = [];
        HashSet<string> wanted = new(StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in slots)
        {
            wanted.Add(name);
            if (isKept?.Invoke(name) == true)
            {
                continue;
            }

            if (!entries.TryGetValue(name, out WeightEntry? entry))
            {
                if (!parameter.IsCounter)
                {
                    problems.Add($"missing '{name}'");
                }
            }
            else if (!SameShape(entry.Shape, parameter.Shape))
            {
                problems.Add($"'{name}' expected {parameter.Shape}, got ({string.Join(", ", entry.Shape.ToArray())})");
            }
            else if (parameter.IsCounter && entry.DataType == "int64")
            {
                found.Add((parameter, ReadCounter(entry)));
            }
            else if (!IsReal(entry.DataType))
            {
                problems.Add($"'{name}' expected floating-point values, got {entry.DataType}");
            }
            else
            {
                found.Add((parameter, entry.ReadSingle()));
            }
        }

        problems.AddRange(entries.Where(pair => !wanted.Contains(pair.Key)).Select(static pair => $"unexpected '{pair.Value.Name}'"));
        if (problems.Count > 0)
        {
            throw new WeightFormatException(path, 0, $"expected the weights of {module.GetType().Name}, got: {string.Join("; ", problems)}.");
        }

        foreach ((Parameter parameter, float[] values) in found)
        {
            parameter.Set(values);
        }

        return state.Notes;
    }

    internal static WeightEntry Entry(string name, Parameter parameter)
    {
        if (!parameter.IsCounter)
        {
            return WeightEntry.OfSingle(name, parameter.Shape.AsSpan(), parameter.ToArray());
        }

        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)parameter.Values[0]);
        return new WeightEntry(name, "int64", [], bytes);
    }

    internal static float[] ReadCounter(WeightEntry entry) => [BinaryPrimitives.ReadInt64LittleEndian(entry.ReadBytes())];

    internal static bool SameShape(ReadOnlySpan<long> left, in Shape right)
    {
        bool same = left.Length == right.Rank;
        for (int i = 0; same && i < left.Length; i++)
        {
            same = left[i] == right[i];
        }

        return same;
    }

    // Blocks of GGUF and small floating-point types are real numbers too.
    internal static bool IsReal(string dataType) => !(dataType == "bool" || Array.Exists(["int", "uint", "complex"], start => dataType.StartsWith(start, StringComparison.Ordinal)));
}
