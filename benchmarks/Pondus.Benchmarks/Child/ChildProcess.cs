using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;

namespace Pondus.Benchmarks.Child;

/// <summary>One measurement in a process of its own: prints one JSON line.</summary>
/// <remarks><c>--child WORKLOAD [--threads N] [--path trainer|loop] [--monitor default|off] [--seconds S] [--batch N] [--check FOLDER]</c>.</remarks>
internal static class ChildProcess
{
    public static int Run(string[] args)
    {
        string name = args[1];
        if (name == "gemm")
        {
            return GemmBenchmark.Run(args);
        }

        Compute.ThreadCount = CommandLine.Count(args, "--threads", Environment.ProcessorCount);
        double seconds = CommandLine.Number(args, "--seconds", 4);
        JsonObject result = name == "memory" ? MemoryRun.Measure()
            : name == "inspect" ? InspectionRun.Measure(CommandLine.Value(args, "--file")!, CommandLine.Value(args, "--other")!, CommandLine.Count(args, "--rounds", 1))
            : name == "infer_gpt" ? GenerationRun.Measure(seconds)
            : name.StartsWith("infer_", StringComparison.Ordinal) ? InferenceRun.Measure(name, CommandLine.Count(args, "--batch", 1), seconds)
            : name == DiffusionRun.Name ? CommandLine.Value(args, "--check") is { } diffusion ? DiffusionRun.Check(diffusion) : DiffusionRun.Measure(seconds)
            : CommandLine.Value(args, "--check") is { } folder ? CheckRun.Train(WorkloadCatalog.Get(name), folder)
            : TrainingRun.Measure(WorkloadCatalog.Get(name), CommandLine.Value(args, "--path") != "loop", CommandLine.Value(args, "--monitor") != "off", seconds);
        result["workload"] = name;
        result["library"] = "Pondus " + typeof(Tensor).Assembly.GetName().Version!.ToString(3);
        result["kernels"] = Compute.KernelSet;
        result["threads"] = Compute.ThreadCount;
        result["peak_megabytes"] = ProcessCounters.PeakMegabytes();
        Console.WriteLine(result.ToJsonString());
        return 0;
    }
}
