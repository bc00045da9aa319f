namespace Pondus.Benchmarks.Report;

/// <summary>The networks of mlp_mnist and cnn_fashion on one sample and on 256, against onnxruntime and PyTorch.</summary>
internal static class InferenceComparison
{
    // Measured on 22 Nov 2026 with two threads on two cores of an AMD Zen 5; OpenVINO is not installed beside the others.
    private const double OpenVinoBatchMicroseconds = 660;
    private const double OnnxRuntimeThenMicroseconds = 13;
    private const double TorchThenMicroseconds = 33;

    public static List<ResultRow> Single(int pairs, string seconds) => Compare("infer_mlp", 1, pairs, seconds, []);

    /// <summary>256 samples; the peers' one sample runs too, as the measure of how fast this machine is today.</summary>
    public static List<ResultRow> Batch(int pairs, string seconds)
    {
        Contestant onnxRuntime = Contestant.OnnxRuntime("infer_mlp", "--batch", "1", "--threads", "2", "--seconds", seconds) with { Name = "onnxruntime, one sample" };
        Contestant torch = Contestant.Torch("infer_mlp", "--batch", "1", "--seconds", seconds) with { Name = "PyTorch, one sample" };
        return Compare("infer_mlp", 256, pairs, seconds, [onnxRuntime, torch]);
    }

    /// <summary>A network on a batch against both peers; contestants for scale run too.</summary>
    public static List<ResultRow> Compare(string name, int batch, int pairs, string seconds, List<Contestant> scale)
    {
        string size = batch.ToString();
        List<Contestant> ours = [.. Threads().Select(t => Contestant.Pondus($"{t} thread{(t == 1 ? string.Empty : "s")}", name, "--batch", size, "--threads", t.ToString(), "--seconds", seconds))];
        List<Contestant> theirs = [.. Threads().Select(t => Contestant.OnnxRuntime(name, "--batch", size, "--threads", t.ToString(), "--seconds", seconds))];
        Contestant torch = Contestant.Torch(name, "--batch", size, "--seconds", seconds);
        Interleaved run = Interleaved.Run($"{name}, batch of {size}", pairs, [.. ours.Zip(theirs, static (a, b) => new[] { a, b }).SelectMany(static p => p), torch, .. scale]);
        List<ResultRow> rows = [];
        for (int i = 0; i < ours.Count; i++)
        {
            string note = run.Of(theirs[i]).Count == 0 ? string.Empty
                : $"{Units.Fixed(run.Median(theirs[i], "overhead_us"), 1)} us subtracted from onnxruntime for its call; fastest calls {Units.Time(run.Median(ours[i], "us_min"))} and {Units.Time(run.Median(theirs[i], "us_min"))}";
            rows.Add(Row(run, name, batch, ours[i], theirs[i], 1.0, note));
        }

        rows.Add(Row(run, name, batch, ours[^1], torch, null, "2 threads each"));
        if (scale.Count > 0)
        {
            rows.Add(OpenVino(run, ours[^1], run.Median(scale[0], "us_median") / OnnxRuntimeThenMicroseconds, run.Median(scale[1], "us_median") / TorchThenMicroseconds));
        }

        return rows;
    }

    /// <summary>OpenVINO's time of another day, scaled by how the others' times have changed since; the scale that favors it more counts.</summary>
    private static ResultRow OpenVino(Interleaved run, Contestant ours, double byOnnxRuntime, double byTorch)
    {
        double factor = double.IsNaN(byOnnxRuntime) ? byTorch : double.IsNaN(byTorch) ? byOnnxRuntime : Math.Min(byOnnxRuntime, byTorch);
        double time = run.Median(ours, "us_median");
        return new ResultRow
        {
            Workload = Name("infer_mlp", 256),
            Mode = ours.Name,
            Pondus = Units.Time(time),
            Peer = double.IsNaN(factor) ? "OpenVINO not installed" : $"{Units.Time(OpenVinoBatchMicroseconds * factor)} (OpenVINO 2026.4.1, estimated)",
            Ratios = double.IsNaN(factor) ? [] : [OpenVinoBatchMicroseconds * factor / time],
            Goal = 1.0,
            Note = double.IsNaN(factor) ? string.Empty : $"no pair: OpenVINO is not installed here. Its {Units.Time(OpenVinoBatchMicroseconds)} of 22 Nov 2026 times today's one-sample time by that day's, which is {Units.Fixed(byOnnxRuntime, 2)} for onnxruntime and {Units.Fixed(byTorch, 2)} for PyTorch; the smaller counts. Unscaled the ratio is {Units.Fixed(OpenVinoBatchMicroseconds / time, 2)}",
        };
    }

    private static IEnumerable<int> Threads() => [1, 2];

    private static string Name(string name, int batch) => batch == 1 ? $"{name}, one sample" : $"{name}, batch of {batch}";

    private static ResultRow Row(Interleaved run, string name, int batch, Contestant ours, Contestant theirs, double? goal, string note) => new()
    {
        Workload = Name(name, batch),
        Mode = ours.Name,
        Pondus = Units.Time(run.Median(ours, "us_median")),
        Peer = run.Of(theirs).Count == 0 ? $"{theirs.Name} did not run: {theirs.Failure}" : $"{Units.Time(run.Median(theirs, "us_median"))} ({run.Of(theirs)[0]["library"]})",
        Ratios = run.Ratios(theirs, ours),
        Goal = goal,
        Note = note,
    };
}
