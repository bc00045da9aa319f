using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Data;
using Pondus.Formats.Safetensors;
using Pondus.Losses;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Trains on the weights and batches that the peer wrote, so that the losses can be compared.</summary>
internal static class CheckRun
{
    public static JsonObject Train(Workload workload, string folder)
    {
        Layer model = workload.Build();
        ModuleWeights.Load(model, Path.Combine(folder, "weights.safetensors"));
        Dataset data = Read(Path.Combine(folder, "batches.safetensors"), workload.MakeLoss() is CrossEntropy);
        Losses losses = new();
        TrainerOptions options = new() { BatchSize = workload.BatchSize, Epochs = 1, Shuffle = false };
        new Trainer(model, workload.MakeLoss(), (workload.MakeCheckOptimizer ?? workload.MakeOptimizer)(model), options).Fit(data, observers: [losses]);
        return new JsonObject { ["losses"] = new JsonArray([.. losses.Values.Select(static l => (JsonNode)l)]) };
    }

    private static Dataset Read(string path, bool isClassified)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] inputs = file.ReadSingle("inputs"), targets = file.ReadSingle("targets");
        Shape input = SampleShape(file, "inputs"), target = SampleShape(file, "targets");
        return isClassified
            ? new Dataset(inputs, input, Array.ConvertAll(targets, static t => (int)t), target, [.. Enumerable.Range(0, (int)targets.Max() + 1).Select(static i => i.ToString())])
            : new Dataset(inputs, input, targets, target);
    }

    private static Shape SampleShape(SafetensorsFile file, string name) =>
        new([.. file.Entries.Single(entry => entry.Name == name).Shape.ToArray().Skip(1).Select(static size => (int)size)]);

    private sealed class Losses : ITrainingObserver
    {
        public List<float> Values { get; } = [];

        public void OnStep(Trainer trainer, in StepReport report) => Values.Add(report.Loss);
    }
}
