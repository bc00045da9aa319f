using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Safetensors;

namespace Pondus.Training;

/// <summary>Everything a run needs to go on as if it had never stopped: weights, optimizer, sums, the sampler's place, the best weights.</summary>
/// <remarks>
/// <para>File: a safetensors file. Tensors: <c>model/NAME</c>, <c>buffer/NAME</c>, <c>optimizer/SLOT/NAME</c>, <c>best/NAME</c>, <c>previous/NAME</c>, <c>average/NAME</c>; the counters are JSON in the metadata key <c>pondus.training</c>. Written beside and renamed, so a checkpoint is whole or absent.</para>
/// <para>Random streams need no entry: they are keyed by seed, epoch and step.</para>
/// </remarks>
public static class TrainingState
{
    private const string MetadataKey = "pondus.training";

    /// <summary>Writes the state of a trainer between two steps.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="path">The file; replaced in one step.</param>
    /// <param name="extra">What the caller wants back, such as the length of its log.</param>
    public static void Save(Trainer trainer, string path, IReadOnlyDictionary<string, string>? extra = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        List<WeightEntry> entries = [];
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
        {
            entries.Add(ModuleWeights.Entry("model/" + name, parameter));
        }

        foreach ((string name, Parameter buffer) in trainer.Model.NamedBuffers())
        {
            entries.Add(ModuleWeights.Entry("buffer/" + name, buffer));
        }

        foreach ((string slot, string name, Parameter parameter, int index) in Slots(trainer))
        {
            float[] values = trainer.Optimizer.State(index, parameter).ToArray();
            entries.Add(WeightEntry.OfSingle($"optimizer/{slot}/{name}", parameter.Shape.AsSpan(), values));
        }

        AddAll(entries, "best/", trainer.Progress.Best);
        AddAll(entries, "previous/", trainer.Progress.Previous);
        AddAll(entries, "average/", trainer.Progress.Average);
        Dictionary<string, string> metadata = new(extra ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [MetadataKey] = JsonSerializer.Serialize(TrainingCounters.Of(trainer), TrainingCountersJson.Default.TrainingCounters),
        };
        SafetensorsWriter.Save(path, entries, metadata);
    }

    /// <summary>Restores a trainer from a file; it must have been made from the same experiment.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="path">The file.</param>
    /// <returns>What the caller gave to <see cref="Save"/>.</returns>
    /// <exception cref="WeightFormatException">The file is no checkpoint of such a trainer; nothing has been changed.</exception>
    public static IReadOnlyDictionary<string, string> Load(Trainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(MetadataKey, out string? json))
        {
            throw new WeightFormatException(path, 0, $"expected a checkpoint with metadata '{MetadataKey}', got none.");
        }

        // All is read and checked before anything is changed.
        TrainingCounters counters = ParseCounters(path, json);
        if (counters.Problem(trainer) is { } problem)
        {
            throw new WeightFormatException(path, 0, $"metadata '{MetadataKey}': {problem}");
        }

        List<(Parameter Parameter, float[] Values)> weights = [];
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
        {
            weights.Add((parameter, Read(file, "model/" + name, parameter.Count)));
        }

        foreach ((string name, Parameter buffer) in trainer.Model.NamedBuffers())
        {
            weights.Add((buffer, buffer.IsCounter ? ReadCounter(file, "buffer/" + name) : Read(file, "buffer/" + name, buffer.Count)));
        }

        List<(Parameter Parameter, int Slot, float[] Values)> state = [];
        foreach ((string slot, string name, Parameter parameter, int index) in Slots(trainer))
        {
            state.Add((parameter, index, Read(file, $"optimizer/{slot}/{name}", parameter.Count)));
        }

        Dictionary<string, float[]> best = ReadAll(file, "best/", trainer.Model), previous = ReadAll(file, "previous/", trainer.Model);
        Dictionary<string, float[]> average = ReadAll(file, "average/", trainer.Model);
        foreach ((Parameter parameter, float[] values) in weights)
        {
            parameter.Set(values);
            parameter.ZeroGradient();
        }

        foreach ((Parameter parameter, int slot, float[] values) in state)
        {
            values.CopyTo(trainer.Optimizer.State(slot, parameter));
        }

        counters.Restore(trainer);
        CopyAll(best, trainer.Progress.Best);
        CopyAll(previous, trainer.Progress.Previous);
        CopyAll(average, trainer.Progress.Average);
        return file.Metadata;
    }

    private static TrainingCounters ParseCounters(string path, string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TrainingCountersJson.Default.TrainingCounters) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new WeightFormatException(path, 0, $"metadata '{MetadataKey}': expected the counters of a training run, got text that does not parse ({error.GetType().Name}).");
        }
    }

    private static IEnumerable<(string Slot, string Name, Parameter Parameter, int Index)> Slots(Trainer trainer)
    {
        HashSet<Parameter> moved = [.. trainer.Optimizer.Parameters];
        for (int i = 0; i < trainer.Optimizer.SlotNames.Count; i++)
        {
            foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
            {
                if (moved.Contains(parameter))
                {
                    yield return (trainer.Optimizer.SlotNames[i], name, parameter, i);
                }
            }
        }
    }

    private static float[] Read(SafetensorsFile file, string name, int count)
    {
        WeightEntry entry = file.Find(name) ?? throw new WeightFormatException(file.Path, 0, $"expected tensor '{name}', got none. The checkpoint is of another network or optimizer.");
        if (entry.Count != count)
        {
            throw new WeightFormatException(file.Path, 0, $"tensor '{name}': expected {count} values, got {entry.Count}. The checkpoint is of another network.");
        }

        return entry.DataType == "float32"
            ? entry.ReadSingle()
            : throw new WeightFormatException(file.Path, 0, $"tensor '{name}': expected values of float32, got {entry.DataType}.");
    }

    private static float[] ReadCounter(SafetensorsFile file, string name) => file.Find(name) is { DataType: "int64", Count: 1 } entry
        ? ModuleWeights.ReadCounter(entry)
        : throw new WeightFormatException(file.Path, 0, $"expected tensor '{name}' of one int64, got another or none. The checkpoint is of another network.");

    private static void AddAll(List<WeightEntry> entries, string prefix, Dictionary<string, float[]> values)
    {
        foreach ((string name, float[] numbers) in values)
        {
            entries.Add(WeightEntry.OfSingle(prefix + name, [numbers.Length], numbers));
        }
    }

    /// <summary>The weights kept under a prefix: all of the model's, or none.</summary>
    private static Dictionary<string, float[]> ReadAll(SafetensorsFile file, string prefix, Module model)
    {
        Dictionary<string, float[]> values = new(StringComparer.Ordinal);
        if (file.Entries.Any(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            foreach ((string name, Parameter parameter) in model.NamedParameters().Concat(model.NamedBuffers()))
            {
                values[name] = Read(file, prefix + name, parameter.Count);
            }
        }

        return values;
    }

    private static void CopyAll(Dictionary<string, float[]> from, Dictionary<string, float[]> to)
    {
        to.Clear();
        foreach ((string name, float[] values) in from)
        {
            to[name] = values;
        }
    }
}
