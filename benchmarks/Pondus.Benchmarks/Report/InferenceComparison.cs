namespace Pondus.Benchmarks.Report;

/// <summary>The perceptron of mlp_mnist on one sample and on 256, against onnxruntime and PyTorch.</summary>
internal static class InferenceComparison
{
    // OpenVINO 2026.4.1, two threads, 22 Nov 2026, on two cores of an AMD Zen 5: it is not installed beside the others.
    private const double OpenVinoBatchMicroseconds = 660;

    public static List<ResultRow> Compare(int pairs, string seconds) => [.. Compare(1, pairs, seconds), .. Compare(256, pairs, seconds)];

    private static List<ResultRow> Compare(int batch, int pairs, string seconds)
    {
        string size = batch.ToString();
        List<Contestant> ours = [.. Threads().Select(t => Contestant.Pondus($"{t} thread{(t == 1 ? string.Empty : "s")}", "infer_mlp", "--batch", size, "--threads", t.ToString(), "--seconds", seconds))];
        List<Contestant> theirs = [.. Threads().Select(t => Contestant.OnnxRuntime("--batch", size, "--threads", t.ToString(), "--seconds", seconds))];
        Contestant torch = Contestant.Torch("infer_mlp", "--batch", size, "--seconds", seconds);
        Interleaved run = Interleaved.Run($"infer_mlp, batch of {size}", pairs, [.. ours.Zip(theirs, static (a, b) => new[] { a, b }).SelectMany(static p => p), torch]);
        List<ResultRow> rows = [];
        for (int i = 0; i < ours.Count; i++)
        {
            string note = run.Of(theirs[i]).Count == 0 ? string.Empty
                : $"{Units.Fixed(run.Median(theirs[i], "overhead_us"), 1)} us subtracted from onnxruntime for its call; fastest calls {Units.Time(run.Median(ours[i], "us_min"))} and {Units.Time(run.Median(theirs[i], "us_min"))}";
            rows.Add(Row(run, batch, ours[i], theirs[i], 1.0, note));
        }

        rows.Add(Row(run, batch, ours[^1], torch, null, "2 threads each"));
        if (batch > 1)
        {
            double time = run.Median(ours[^1], "us_median");
            rows.Add(new ResultRow
            {
                Workload = Name(batch),
                Mode = ours[^1].Name,
                Pondus = Units.Time(time),
                Peer = $"{Units.Time(OpenVinoBatchMicroseconds)} (OpenVINO 2026.4.1, noted earlier)",
                Ratios = [OpenVinoBatchMicroseconds / time],
                Goal = 1.0,
                Note = "not side by side: OpenVINO is not installed here, and this is its time on another day on two cores of the same kind; the onnxruntime row is side by side",
            });
        }

        return rows;
    }

    private static IEnumerable<int> Threads() => [1, 2];

    private static string Name(int batch) => batch == 1 ? "infer_mlp, one sample" : $"infer_mlp, batch of {batch}";

    private static ResultRow Row(Interleaved run, int batch, Contestant ours, Contestant theirs, double? goal, string note) => new()
    {
        Workload = Name(batch),
        Mode = ours.Name,
        Pondus = Units.Time(run.Median(ours, "us_median")),
        Peer = run.Of(theirs).Count == 0 ? $"{theirs.Name} not installed: {theirs.Failure}" : $"{Units.Time(run.Median(theirs, "us_median"))} ({run.Of(theirs)[0]["library"]})",
        Ratios = run.Ratios(theirs, ours),
        Goal = goal,
        Note = note,
    };
}
