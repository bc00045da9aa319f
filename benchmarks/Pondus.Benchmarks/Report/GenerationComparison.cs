namespace Pondus.Benchmarks.Report;

/// <summary>Writing text token by token with kept keys and values, against PyTorch's scripted decoder.</summary>
internal static class GenerationComparison
{
    private const string Name = "infer_gpt";
    private const double Goal = 2.5;

    public static List<ResultRow> Compare(int pairs, string seconds)
    {
        List<Contestant> ours = [Contestant.Pondus("2 threads", Name, "--seconds", seconds, "--threads", "2"), Contestant.Pondus("1 thread", Name, "--seconds", seconds, "--threads", "1")];
        Contestant torch = Contestant.Torch(Name, "--seconds", seconds);
        Interleaved run = Interleaved.Run(Name, pairs, [torch, .. ours]);
        return [.. ours.Select(contestant => new ResultRow
        {
            Workload = Name,
            Mode = contestant.Name,
            Pondus = $"{Units.Time(run.Median(contestant, "us_median"))} a token",
            Peer = run.Of(torch).Count == 0 ? $"PyTorch did not run: {torch.Failure}" : $"{Units.Time(run.Median(torch, "us_median"))} ({run.Of(torch)[0]["library"]}, 1 thread)",
            Ratios = run.Ratios(torch, contestant),
            Goal = contestant == ours[0] ? Goal : null,
            Note = $"{Units.Fixed(1e6 / run.Median(contestant, "us_median"), 0)} tokens a second",
        })];
    }
}
