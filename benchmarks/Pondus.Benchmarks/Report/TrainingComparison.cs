using System.Text.Json.Nodes;
using Pondus.Benchmarks.Child;
using Pondus.Benchmarks.Workloads;

namespace Pondus.Benchmarks.Report;

/// <summary>A training against PyTorch: through the trainer with and without a run's log, and by a loop written by hand.</summary>
internal static class TrainingComparison
{
    private const string Monitored = "trainer, monitor on";
    private const string Plain = "trainer, monitor off";
    private const string Loop = "hand-written loop";
    private const string OneThread = "1 thread";

    // Above this the other side of a pair may have had less of the machine.
    private const double TooBusyCores = 0.25;

    public static List<ResultRow> Compare(string name, double goal, int pairs, string seconds)
    {
        // A network that is told the time fits no trainer.
        bool onlyLoop = name == DiffusionRun.Name;
        Workload? workload = onlyLoop ? null : WorkloadCatalog.Get(name);
        Contestant torch = Contestant.Torch(name, "--seconds", seconds);
        Contestant loop = Contestant.Pondus(Loop, name, "--seconds", seconds, "--path", "loop");
        Contestant oneThread = Contestant.Pondus(OneThread, name, "--seconds", seconds, "--threads", "1");
        List<Contestant> ours = onlyLoop
            ? [loop, oneThread]
            :
            [
                Contestant.Pondus(Monitored, name, "--seconds", seconds),
                Contestant.Pondus(Plain, name, "--seconds", seconds, "--monitor", "off"),
                loop,
                oneThread,
            ];
        Interleaved run = Interleaved.Run(name, pairs, [torch, .. ours]);
        bool asEpoch = workload is { StepsPerTime: > 1, BatchSize: < 1024 };
        double scale = asEpoch ? workload!.StepsPerTime : 1;
        string per = asEpoch ? " an epoch" : workload is { StepsPerTime: > 1 } ? " a batch" : " a step";
        List<ResultRow> rows = [];
        foreach (Contestant contestant in ours)
        {
            rows.Add(new ResultRow
            {
                Workload = name,
                Mode = contestant.Name,
                Pondus = Units.Time(run.Median(contestant, "us_median") * scale) + per,
                Peer = run.Of(torch).Count == 0 ? $"PyTorch did not run: {torch.Failure}" : $"{Units.Time(run.Median(torch, "us_median") * scale)} ({Library(run.Of(torch)[0])})",
                Ratios = run.Ratios(torch, contestant),
                Goal = contestant.Name == OneThread ? null : goal,
                Note = Note(run, contestant, torch, ours),
            });
        }

        return [.. rows, Memory(run, ours[0], torch, name), .. Check(name)];
    }

    private static string Library(JsonObject result) => $"{result["library"]}, {result["threads"]} thread{(result["threads"]!.GetValue<int>() == 1 ? string.Empty : "s")}";

    private static string Note(Interleaved run, Contestant contestant, Contestant torch, List<Contestant> ours)
    {
        List<string> notes = [$"mean {Units.Time(run.Median(contestant, "us_mean"))} a step"];
        if (contestant == ours[0])
        {
            // Where both threads do the same amount in less time, what the one saved is what the other did.
            double share = Statistics.Median(run.Ratios(contestant, ours[^1]).Select(static r => 1 - r));
            notes.Add($"second thread did {Units.Fixed(100 * Math.Max(0, share), 0)} % of one thread's time");
        }

        double accuracy = run.Median(contestant, "test_accuracy");
        if (!double.IsNaN(accuracy))
        {
            // Each side trained for as many epochs as its time allowed, so these say that it learns, not who learns better.
            notes.Add($"test accuracy {Units.Fixed(accuracy, 3)}, peer {Units.Fixed(run.Median(torch, "test_accuracy"), 3)}");
        }

        double others = Math.Max(run.Median(contestant, "other_cores"), run.Of(torch).Count == 0 ? 0 : run.Median(torch, "other_cores"));
        if (others > TooBusyCores)
        {
            notes.Add($"machine busy: other processes used {Units.Fixed(others, 2)} cores");
        }

        if (run.Of(torch).Any(static r => r.ContainsKey("warning")))
        {
            notes.Add("peer's calibration was low in some runs");
        }

        return string.Join("; ", notes);
    }

    private static ResultRow Memory(Interleaved run, Contestant ours, Contestant torch, string name) => new()
    {
        Workload = name,
        Mode = "peak memory",
        Pondus = Units.Megabytes(run.Median(ours, "peak_megabytes")),
        Peer = run.Of(torch).Count == 0 ? "-" : Units.Megabytes(run.Median(torch, "peak_megabytes")),
        Ratios = run.Of(torch).Count == 0 ? [] : [run.Median(torch, "peak_megabytes") / run.Median(ours, "peak_megabytes")],
    };

    /// <summary>The same start and the same batches must lead to the same loss.</summary>
    private static List<ResultRow> Check(string name)
    {
        if (name.EndsWith("full", StringComparison.Ordinal))
        {
            return []; // the same code as the mini-batches, and gigabytes of batches
        }

        const double tolerance = 1e-3;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pondus-check-");
        double[] theirs = Losses(Contestant.Torch(name, "--check", folder.FullName).Run());
        double[] ours = theirs.Length == 0 ? [] : Losses(Contestant.Pondus("check", name, "--check", folder.FullName).Run());
        folder.Delete(recursive: true);
        return ours.Length == 0 ? [] :
        [
            new ResultRow
            {
                Workload = name,
                Mode = "loss after 20 steps from the same start on the same batches",
                Pondus = Units.Fixed(ours[^1], 6),
                Peer = Units.Fixed(theirs[^1], 6),
                Ratios = [Math.Abs(ours[^1] - theirs[^1]) / Math.Abs(theirs[^1])],
                Goal = tolerance,
                GoalIsUpper = true,
                Note = $"relative difference; the largest of all {ours.Length} losses is {ours.Zip(theirs, static (a, b) => Math.Abs(a - b) / Math.Abs(b)).Max():E1}",
            },
        ];
    }

    private static double[] Losses(JsonObject? result) => result is null ? [] : [.. result["losses"]!.AsArray().Select(static n => n!.GetValue<double>())];
}
