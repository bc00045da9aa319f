using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Data;
using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Trains on the weights and batches that the peer wrote, so that the losses can be compared.</summary>
internal static class CheckRun
{
    public static JsonObject Train(Workload workload, string folder)
    {
        Sequential model = workload.Build();
        ModuleWeights.Load(model, Path.Combine(folder, "weights.safetensors"));
        Dataset data = Read(Path.Combine(folder, "batches.safetensors"), workload);
        Losses losses = new();
        TrainerOptions options = new() { BatchSize = workload.BatchSize, Epochs = 1, Shuffle = false };
        new Trainer(model, workload.MakeLoss(), workload.MakeOptimizer(model), options).Fit(data, observers: [losses]);
        return new JsonObject { ["losses"] = new JsonArray([.. losses.Values.Select(static l => (JsonNode)l)]) };
    }

    private static Dataset Read(string path, Workload workload)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] inputs = file.ReadSingle("inputs");
        float[] targets = file.ReadSingle("targets");
        int outputs = workload.Sizes[^1];
        return outputs == 1
            ? new Dataset(inputs, [workload.Sizes[0]], targets, [1])
            : new Dataset(inputs, [workload.Sizes[0]], Array.ConvertAll(targets, static t => (int)t), [.. Enumerable.Range(0, outputs).Select(static i => i.ToString())]);
    }

    private sealed class Losses : ITrainingObserver
    {
        public List<float> Values { get; } = [];

        public void OnStep(Trainer trainer, in StepReport report) => Values.Add(report.Loss);
    }
}
