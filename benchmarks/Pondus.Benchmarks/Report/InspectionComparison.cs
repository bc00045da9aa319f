using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Pondus.Formats;
using Pondus.Formats.Safetensors;

namespace Pondus.Benchmarks.Report;

/// <summary>Looking into weights files: hashes beside those of the base library, statistics, and the memory of the tool.</summary>
internal static class InspectionComparison
{
    private const long Gigabyte = 1 << 30;
    private const int BlockFloats = 1 << 20;
    private const double HashGoal = 0.95;
    private const double StatisticsGoal = 2;
    private const double MemoryGoal = 200;

    public static List<ResultRow> Compare(int pairs)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pondus-inspect-");
        try
        {
            string several = Write(folder, "several", 8, Gigabyte / 8), single = Write(folder, "single", 1, Gigabyte);
            Contestant child = Contestant.Pondus("inspect", "inspect", "--file", several, "--other", single, "--rounds", pairs.ToString(CultureInfo.InvariantCulture));
            JsonObject result = child.Run() ?? throw new InvalidOperationException($"inspect: expected rates, got: {child.Failure}");
            JsonArray rounds = result["rates"]!.AsArray();
            string others = $"{Units.Fixed(result["other_cores"]!.GetValue<double>(), 2)} cores busy elsewhere";
            List<ResultRow> rows =
            [
                Hash(rounds, "hashes of 8 tensors of 128 MB", "hash_several", HashGoal, others),
                Hash(rounds, "hash of one tensor of 1 GB", "hash_single", HashGoal, others),
                Rate(rounds, "statistics of 8 tensors", "statistics_several", StatisticsGoal),
                Rate(rounds, "statistics of one tensor", "statistics_single", StatisticsGoal),
                Rate(rounds, "statistics and hashes of 8 tensors", "both_several", null),
            ];
            rows.Add(Memory("1 GB", several));
            File.Delete(several);
            File.Delete(single);
            rows.Add(Memory("4 GB", Write(folder, "large", 4, Gigabyte)));
            return rows;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Write(DirectoryInfo folder, string name, int tensors, long bytes)
    {
        float[] block = new float[BlockFloats];
        new RandomSource(1).FillNormal(block, 0, 0.02f);
        ReadOnlyMemory<byte> pattern = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(block).ToArray();
        string path = Path.Combine(folder.FullName, name + ".safetensors");
        SafetensorsWriter.Save(path, Enumerable.Range(0, tensors).Select(i => new WeightEntry($"layers.{i}.weight", "float32", [1024, bytes / 4096], bytes, (offset, destination) =>
        {
            while (!destination.IsEmpty)
            {
                ReadOnlySpan<byte> part = pattern.Span[(int)(offset % pattern.Length)..];
                part = part[..Math.Min(part.Length, destination.Length)];
                part.CopyTo(destination);
                destination = destination[part.Length..];
                offset += part.Length;
            }
        })));
        return path;
    }

    private static double[] Values(JsonArray rounds, string key) => [.. rounds.Select(round => round![key]!.GetValue<double>())];

    private static string Text(double rate) => $"{Units.Fixed(rate, 2)} GB/s";

    private static ResultRow Hash(JsonArray rounds, string mode, string key, double goal, string note)
    {
        double[] own = Values(rounds, key), peer = Values(rounds, "hash_data");
        return new ResultRow
        {
            Workload = "inspect",
            Mode = mode,
            Pondus = Text(Statistics.Median(own)),
            Peer = Text(Statistics.Median(peer)) + " (SHA256.HashData of the bytes in memory, one thread)",
            Ratios = [.. own.Zip(peer, static (a, b) => a / b)],
            Goal = goal,
            Note = $"rates, Pondus's by the peer's; {note}",
        };
    }

    private static ResultRow Rate(JsonArray rounds, string mode, string key, double? goal)
    {
        double[] own = Values(rounds, key);
        return new ResultRow { Workload = "inspect", Mode = mode, Pondus = Text(Statistics.Median(own)), Peer = string.Empty, Ratios = own, Goal = goal, Note = "the ratio column holds GB/s of float32, reading from the file cache included" };
    }

    private static ResultRow Memory(string size, string path)
    {
        double peak = PeakMegabytes(path);
        return new ResultRow { Workload = "inspect", Mode = $"peak memory of pondus inspect on {size}", Pondus = Units.Megabytes(peak), Peer = string.Empty, Ratios = [peak], Goal = MemoryGoal, GoalIsUpper = true, Note = "the ratio column holds megabytes resident" };
    }

    /// <summary>Runs the tool and asks the system, until it ends, for the most memory it had resident.</summary>
    private static double PeakMegabytes(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [ColdStartComparison.BuiltTool(), "inspect", path, "--quiet"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)))
        {
            try
            {
                string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(static l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
                peak = line is null ? peak : Math.Max(peak, double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
            }
            catch (IOException)
            {
                // It ended between the two questions.
            }
        }

        string text = output.GetAwaiter().GetResult();
        return process.ExitCode == 0 && text.Contains("healthy", StringComparison.Ordinal) ? peak
            : throw new InvalidOperationException($"inspect: expected the tool to end well, got exit code {process.ExitCode}.");
    }
}
