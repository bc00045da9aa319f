using System.Text;

namespace Pondus.Benchmarks.Report;

/// <summary>From the start of a process to its end, one trained epoch of 1,000 x 4 between: what a first try costs.</summary>
internal static class ColdStartComparison
{
    private const double GoalSeconds = 0.3;

    public static List<ResultRow> Compare(int pairs)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pondus-cold-");
        try
        {
            string experiment = Write(folder.FullName);
            Contestant script = new("./pondus train", Path.Combine(Repository.Root, "pondus"), ["train", experiment, "--quiet"]);
            Build(script);
            Contestant tool = new("the same without the script that looks for changed sources", "dotnet", [FindTool(), "train", experiment, "--quiet"]);
            Contestant torch = new("PyTorch", "/usr/bin/python3", [Path.Combine(Repository.Root, "benchmarks", "peers", "cold_start.py")]);
            List<double>[] times = Measure(pairs, folder.FullName, [script, tool, torch]);
            string peer = times[2].Count == 0 ? "PyTorch 1.13 not installed" : Units.Time(1e6 * Statistics.Median(times[2])) + " (PyTorch 1.13, imports included)";
            return
            [
                Row(tool, times[1], peer, times[2], GoalSeconds),
                Row(script, times[0], peer, times[2], null),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Builds the tool, if sources have changed, and says where it is.</summary>
    public static string BuiltTool()
    {
        Build(new Contestant("./pondus", Path.Combine(Repository.Root, "pondus"), []));
        return FindTool();
    }

    private static ResultRow Row(Contestant contestant, List<double> times, string peer, List<double> peerTimes, double? goal)
    {
        double ratio = peerTimes.Count == 0 ? double.NaN : Statistics.Median(peerTimes.Zip(times, static (a, b) => a / b));
        return new ResultRow
        {
            Workload = "cold_start",
            Mode = contestant.Name.StartsWith("./", StringComparison.Ordinal) ? contestant.Name : "pondus train, without the script that looks for changed sources",
            Pondus = Units.Time(1e6 * Statistics.Median(times)),
            Peer = peer,
            Ratios = [.. times],
            Goal = goal,
            GoalIsUpper = true,
            Note = "the ratio column holds seconds, from process start to exit with everything saved" + (double.IsNaN(ratio) ? string.Empty : $"; {Units.Fixed(ratio, 1)} times as fast as the peer"),
        };
    }

    private static List<double>[] Measure(int pairs, string folder, Contestant[] contestants)
    {
        List<double>[] times = [.. contestants.Select(static _ => new List<double>())];
        for (int pair = -1; pair < pairs; pair++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                string[] output = i < 2 ? ["--out", Path.Combine(folder, $"run-{pair}-{i}")] : [];
                (int exitCode, _, string error, double seconds) = (contestants[i] with { Arguments = [.. contestants[i].Arguments, .. output] }).Execute();
                if (exitCode != 0 && i < 2)
                {
                    throw new InvalidOperationException($"cold_start: expected {contestants[i].Name} to train, got exit code {exitCode}: {error}");
                }

                // The first round fills the file cache.
                if (pair >= 0 && exitCode == 0)
                {
                    times[i].Add(seconds);
                }
            }
        }

        return times;
    }

    private static void Build(Contestant script)
    {
        (int exitCode, _, string error, _) = (script with { Arguments = ["--version"] }).Execute();
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"cold_start: expected ./pondus to build, got: {error}");
        }
    }

    private static string FindTool() =>
        new DirectoryInfo(Path.Combine(Repository.Root, "artifacts", "pondus")).EnumerateDirectories()
            .Where(static d => File.Exists(Path.Combine(d.FullName, "Pondus.Cli.dll")))
            .OrderByDescending(static d => d.LastWriteTimeUtc)
            .Select(static d => Path.Combine(d.FullName, "Pondus.Cli.dll"))
            .First();

    private static string Write(string folder)
    {
        const int count = 1000, width = 4;
        float[] weights = [1f, 2f, -1f, 0.5f];
        RandomSource random = new(1);
        StringBuilder table = new("a,b,c,d,y\n");
        for (int i = 0; i < count; i++)
        {
            float y = 0.3f;
            for (int j = 0; j < width; j++)
            {
                float x = random.NextNormal();
                y += weights[j] * x;
                table.Append(x).Append(',');
            }

            table.Append(y).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, "table.csv"), table.ToString());
        string path = Path.Combine(folder, "cold.json");
        File.WriteAllText(path, """
            {
              "schemaVersion": 1,
              "name": "cold",
              "data": { "source": "csv", "path": "table.csv", "task": "regression", "batchSize": 32 },
              "model": [{ "type": "Linear", "out": 1 }],
              "loss": "MeanSquaredError",
              "optimizer": { "type": "Sgd", "learningRate": 0.1 },
              "training": { "epochs": 1 },
            }
            """);
        return path;
    }
}
