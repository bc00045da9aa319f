using System.Diagnostics;
using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Layers;

namespace Pondus.Benchmarks.Child;

/// <summary>The network of mlp_mnist or that of cnn_fashion on one batch, again and again.</summary>
internal static class InferenceRun
{
    private const double WarmUpSeconds = 1.5;

    public static JsonObject Measure(string name, int batch, double seconds)
    {
        const int outputs = 10;
        RandomSource random = new(1);
        (Sequential model, Shape input) = name == "infer_cnn"
            ? (WorkloadCatalog.BuildCnn(random), new Shape(batch, 1, 28, 28))
            : (WorkloadCatalog.BuildPerceptron([784, 512, 256, outputs], random), new Shape(batch, 784));
        Call call = new(model, Tensor.Normal(input, 0f, 1f, random), new float[batch * outputs]);
        Repeat(call, WarmUpSeconds, []);
        List<long> ticks = new(1 << 21);
        ProcessCounters counters = new();
        Repeat(call, seconds, ticks);
        double others = counters.OtherCores();
        double[] sorted = [.. ticks.Select(static t => t * 1e6 / Stopwatch.Frequency).Order()];
        return new JsonObject
        {
            ["batch"] = batch,
            ["us_median"] = Statistics.Quantile(sorted, 0.5),
            ["us_min"] = sorted[0],
            ["us_p90"] = Statistics.Quantile(sorted, 0.9),
            ["other_cores"] = others,
        };
    }

    private static void Repeat(Call call, double seconds, List<long> ticks)
    {
        long begin = Stopwatch.GetTimestamp();
        long now = begin;
        long end = begin + (long)(seconds * Stopwatch.Frequency);
        while (now < end)
        {
            Inference.Run(call, static c => c.Model.Forward(c.Input).Values.CopyTo(c.Output));
            long after = Stopwatch.GetTimestamp();
            ticks.Add(after - now);
            now = after;
        }
    }

    private sealed record Call(Sequential Model, Tensor Input, float[] Output);
}
