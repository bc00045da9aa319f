using Pondus.Benchmarks.Workloads;

namespace Pondus.Benchmarks.Report;

/// <summary>Widths one less and one more than those that kernels like: what a floating-point operation costs there.</summary>
internal static class WidthComparison
{
    private const double Goal = 1.3;

    public static List<ResultRow> Compare(string name, int pairs, string seconds)
    {
        Contestant usual = Contestant.Pondus(name, name, "--seconds", seconds);
        List<Contestant> odd = [Contestant.Pondus(name + "-", name + "-", "--seconds", seconds), Contestant.Pondus(name + "+", name + "+", "--seconds", seconds)];
        Interleaved run = Interleaved.Run(name + ", odd widths", pairs, [usual, .. odd]);
        double work = WorkloadCatalog.Get(name).WorkPerSample;
        return [.. odd.Select(contestant => new ResultRow
        {
            Workload = name,
            Mode = "widths " + string.Join('-', WorkloadCatalog.Get(contestant.Name).Sizes),
            Pondus = Units.Time(run.Median(contestant, "us_median")) + " a step",
            Peer = $"{Units.Time(run.Median(usual, "us_median"))} (Pondus, widths {string.Join('-', WorkloadCatalog.Get(name).Sizes)})",
            Ratios = [.. run.Ratios(contestant, usual).Select(r => r * work / WorkloadCatalog.Get(contestant.Name).WorkPerSample)],
            Goal = Goal,
            GoalIsUpper = true,
            Note = "time for each floating-point operation",
        })];
    }
}
