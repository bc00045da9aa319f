using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Metrics;
using Pondus.Optimizers;

namespace Pondus.Training;

/// <summary>Everything a run needs to go on as if it had never stopped: weights, optimiser, sums, the sampler's place, the best weights.</summary>
/// <remarks>
/// <para>File: a safetensors file. Tensors: <c>model/NAME</c>, <c>buffer/NAME</c>, <c>optimizer/SLOT/NAME</c>, <c>best/NAME</c>, <c>previous/NAME</c>; the counters are JSON in the metadata key <c>pondus.training</c>. Written beside and renamed, so a checkpoint is whole or absent.</para>
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
        Dictionary<string, string> metadata = new(extra ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [MetadataKey] = JsonSerializer.Serialize(Counters.Of(trainer), TrainingStateJson.Default.Counters),
        };
        SafetensorsWriter.Save(path, entries, metadata);
    }

    /// <summary>Restores a trainer from a file; it must have been made from the same experiment.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="path">The file.</param>
    /// <returns>What the caller gave to <see cref="Save"/>.</returns>
    /// <exception cref="WeightFormatException">The file is no checkpoint of such a trainer.</exception>
    public static IReadOnlyDictionary<string, string> Load(Trainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(MetadataKey, out string? json))
        {
            throw new WeightFormatException(path, 0, $"expected a checkpoint with metadata '{MetadataKey}', got none.");
        }

        Counters counters = ParseCounters(path, json);
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters())
        {
            parameter.Set(Read(file, "model/" + name, parameter.Count));
        }

        foreach ((string name, Parameter buffer) in trainer.Model.NamedBuffers())
        {
            buffer.Set(Read(file, "buffer/" + name, buffer.Count));
        }

        foreach ((string slot, string name, Parameter parameter, int index) in Slots(trainer))
        {
            Read(file, $"optimizer/{slot}/{name}", parameter.Count).CopyTo(trainer.Optimizer.State(index, parameter));
        }

        counters.Restore(trainer);
        ReadAll(file, "best/", trainer.Progress.Best);
        ReadAll(file, "previous/", trainer.Progress.Previous);
        return file.Metadata;
    }

    private static Counters ParseCounters(string path, string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TrainingStateJson.Default.Counters) ?? throw new JsonException("null");
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
        return entry.Count == count
            ? entry.ReadSingle()
            : throw new WeightFormatException(file.Path, 0, $"tensor '{name}': expected {count} values, got {entry.Count}. The checkpoint is of another network.");
    }

    private static void AddAll(List<WeightEntry> entries, string prefix, Dictionary<string, float[]> values)
    {
        foreach ((string name, float[] numbers) in values)
        {
            entries.Add(WeightEntry.OfSingle(prefix + name, [numbers.Length], numbers));
        }
    }

    private static void ReadAll(SafetensorsFile file, string prefix, Dictionary<string, float[]> values)
    {
        values.Clear();
        foreach (WeightEntry entry in file.Entries)
        {
            if (entry.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                values[entry.Name[prefix.Length..]] = entry.ReadSingle();
            }
        }
    }

    internal sealed record Counters(long Step, long Epoch, int Position, long OptimizerStep, double LastLoss, double LossSum, long SampleCount, long EpochsWithoutImprovement, int StillEpochs, double PreviousLoss, long BestEpoch, string? StopReason, Dictionary<string, double> LastMetrics, Dictionary<string, double[]> Sums, Best? BestValidation)
    {
        public static Counters Of(Trainer trainer)
        {
            TrainingProgress at = trainer.Progress;
            EvaluationResult? best = at.BestValidation;
            return new Counters(at.Step, at.Epoch, at.Position, trainer.Optimizer.StepNumber, at.LastLoss, at.LossSum, at.SampleCount, at.EpochsWithoutImprovement, at.StillEpochs, at.PreviousLoss, at.BestEpoch, at.StopReason?.ToString(), new(at.LastMetrics, StringComparer.Ordinal), trainer.Metrics.ToDictionary(static m => m.Name, static m => m.Sums.ToArray(), StringComparer.Ordinal), best is null ? null : new Best(best.Loss, new(best.Metrics, StringComparer.Ordinal), best.Count));
        }

        public void Restore(Trainer trainer)
        {
            trainer.Optimizer.Restore(OptimizerStep);
            foreach (Metric metric in trainer.Metrics)
            {
                if (Sums.TryGetValue(metric.Name, out double[]? sums) && sums.Length == metric.Sums.Length)
                {
                    sums.CopyTo(metric.Sums);
                }
            }

            trainer.Progress = new TrainingProgress
            {
                Step = Step,
                Epoch = Epoch,
                Position = Position,
                LastLoss = LastLoss,
                LossSum = LossSum,
                SampleCount = SampleCount,
                EpochsWithoutImprovement = EpochsWithoutImprovement,
                StillEpochs = StillEpochs,
                PreviousLoss = PreviousLoss,
                BestEpoch = BestEpoch,
                StopReason = StopReason is null ? null : Enum.Parse<TrainingStatus>(StopReason),
                LastMetrics = LastMetrics,
                BestValidation = BestValidation is null ? null : new EvaluationResult(BestValidation.Loss, BestValidation.Metrics, BestValidation.Count),
            };
        }
    }

    internal sealed record Best(double Loss, Dictionary<string, double> Metrics, int Count);
}

/// <summary>Source-generated JSON of the counters; NaN is a named literal.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingState.Counters))]
internal sealed partial class TrainingStateJson : JsonSerializerContext;
