using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;

namespace Pondus.Benchmarks.Report;

/// <summary>How the time of a step grows with batch, width, sequence and threads, and whether memory stays flat.</summary>
/// <remarks>Each size is a process of its own; sizes are walked through in turn, several times, and the median counts.</remarks>
internal static class ScalingComparison
{
    private static readonly string[] s_threaded = ["mlp_mnist", "cnn_fashion", "resnet_cifar", "gpt_char", "lstm_char"];

    public static string Measure(int rounds, string seconds)
    {
        StringBuilder text = new();
        foreach ((string kind, int[] sizes) in ScalingCatalog.Sizes)
        {
            double[] times = Medians([.. sizes.Select(size => new[] { $"{ScalingCatalog.Prefix}{kind}_{size}", "--path", "loop", "--seconds", seconds })], rounds, $"scaling: {kind}");
            text.Append(Table(kind, sizes, times)).Append('\n');
        }

        text.Append("| Threads | one, ms a step | two, ms a step | ratio |\n|---|---|---|---|\n");
        foreach (string name in s_threaded)
        {
            double[] times = Medians([[name, "--threads", "1", "--seconds", seconds], [name, "--threads", "2", "--seconds", seconds]], rounds, $"scaling: threads, {name}");
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {times[0] / 1e3:F2} | {times[1] / 1e3:F2} | {times[0] / times[1]:F2} |\n");
        }

        JsonObject memory = Contestant.Pondus("memory", "memory").Run() ?? throw new InvalidOperationException("scaling: the process that watches memory failed.");
        text.Append(CultureInfo.InvariantCulture, $"\n| Memory, MB | after {memory["first_steps"]} steps | after {memory["last_steps"]} |\n|---|---|---|\n");
        foreach (JsonNode? row in memory["rows"]!.AsArray())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row!["name"]} | {row["first"]!.GetValue<double>():F1} | {row["last"]!.GetValue<double>():F1} |\n");
        }

        Console.WriteLine(text.ToString());
        return text.ToString();
    }

    private static double[] Medians(string[][] runs, int rounds, string title)
    {
        Console.Error.WriteLine(title);
        List<double>[] times = [.. runs.Select(static _ => new List<double>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                Contestant one = Contestant.Pondus(runs[i][0], runs[i]);
                times[i].Add((one.Run() ?? throw new InvalidOperationException($"scaling: {runs[i][0]}: {one.Failure}"))["us_median"]!.GetValue<double>());
            }
        }

        return [.. times.Select(static t => Statistics.Median([.. t]))];
    }

    private static string Table(string kind, int[] sizes, double[] times) => kind switch
    {
        "batch" => Rows("Batch (784-512-512-10)", "us a sample", sizes, times, static (size, us) => us / size),
        "width" => Rows("Width (784-w-w-10, batch 128)", "GFLOPS", sizes, times, static (size, us) => ScalingCatalog.PerceptronWork(128, size) / us / 1e3),
        _ => Rows($"Sequence ({kind}, batch 8)", "us a token", sizes, times, static (size, us) => us / ScalingCatalog.Tokens(size)),
    };

    private static string Rows(string title, string unit, int[] sizes, double[] times, Func<int, double, double> rate)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| {title} | ms a step | {unit} |\n|---|---|---|\n");
        for (int i = 0; i < sizes.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {sizes[i]} | {times[i] / 1e3:F3} | {rate(sizes[i], times[i]):F2} |\n");
        }

        return text.ToString();
    }
}
