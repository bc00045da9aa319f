using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Data;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Trains for 10,000 steps and notes the memory on the way: it must stay where it was.</summary>
internal sealed class MemoryRun : ITrainingObserver
{
    private const long FirstSteps = 1_000;
    private const long LastSteps = 10_000;
    private readonly Dictionary<long, (double Managed, double Process)> _seen = [];
    private long _steps;

    public static JsonObject Measure()
    {
        JsonArray rows = [];
        foreach (string name in new[] { "mlp_tabular", "mlp_mnist" })
        {
            Workload workload = WorkloadCatalog.Get(name);
            Layer model = workload.Build();
            Loss loss = workload.MakeLoss();
            Optimizer optimizer = workload.MakeOptimizer(model);
            Dataset data = workload.Load();
            MemoryRun memory = new();
            new Trainer(model, loss, optimizer, new TrainerOptions { BatchSize = workload.BatchSize, Steps = LastSteps }).Fit(data, observers: [memory]);
            rows.Add((JsonNode)Row($"{name}: live managed objects", memory._seen[FirstSteps].Managed, memory._seen[LastSteps].Managed));
            rows.Add((JsonNode)Row($"{name}: the process", memory._seen[FirstSteps].Process, memory._seen[LastSteps].Process));
        }

        return new JsonObject { ["first_steps"] = FirstSteps, ["last_steps"] = LastSteps, ["rows"] = rows };
    }

    public void OnStep(Trainer trainer, in StepReport report)
    {
        if (++_steps is FirstSteps or LastSteps)
        {
            const double Mega = 1 << 20;
            _seen[_steps] = (GC.GetTotalMemory(forceFullCollection: true) / Mega, Environment.WorkingSet / Mega);
        }
    }

    private static JsonObject Row(string name, double first, double last) => new() { ["name"] = name, ["first"] = first, ["last"] = last };
}
