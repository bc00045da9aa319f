using System.Diagnostics;
using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Networks;

namespace Pondus.Benchmarks.Child;

/// <summary>gpt_char's network writes 128 tokens, each drawn from the softmax of its logits, again and again.</summary>
internal static class GenerationRun
{
    private const double WarmUpSeconds = 1.5;
    private const int Tokens = 128;

    public static JsonObject Measure(double seconds)
    {
        Gpt network = new(new GptSettings { Vocabulary = WorkloadData.CharacterCount, Bias = false }, new RandomSource(1));
        Generator generator = new(network);
        Repeat(generator, WarmUpSeconds, []);
        List<long> ticks = new(1 << 16);
        ProcessCounters counters = new();
        Repeat(generator, seconds, ticks);
        double others = counters.OtherCores();
        double[] sorted = [.. ticks.Select(static t => t * 1e6 / Stopwatch.Frequency / Tokens).Order()];
        double median = Statistics.Quantile(sorted, 0.5);
        return new JsonObject
        {
            ["us_median"] = median,
            ["us_min"] = sorted[0],
            ["us_p90"] = Statistics.Quantile(sorted, 0.9),
            ["tokens_per_second"] = 1e6 / median,
            ["other_cores"] = others,
        };
    }

    private static void Repeat(Generator generator, double seconds, List<long> ticks)
    {
        long begin = Stopwatch.GetTimestamp();
        long now = begin;
        long end = begin + (long)(seconds * Stopwatch.Frequency);
        while (now < end)
        {
            generator.Clear();
            generator.Append(0);
            for (int i = 0; i < Tokens - 1; i++)
            {
                generator.Next();
            }

            long after = Stopwatch.GetTimestamp();
            ticks.Add(after - now);
            now = after;
        }
    }
}
