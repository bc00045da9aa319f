using System.Globalization;
using System.Text.RegularExpressions;

namespace Pondus.Benchmarks.Report;

/// <summary>Matrix products against OpenBLAS: the summary as rows, every shape as text below the table.</summary>
internal static partial class GemmComparison
{
    private const double MeanGoal = 1.0;
    private const double LeastGoal = 0.85;
    private const double TwoThreadGoal = 1.7;

    public static (List<ResultRow> Rows, string Text) Compare(string[] args)
    {
        Contestant child = Contestant.Pondus("gemm", ["gemm", .. args.Where(static a => a != "gemm")]);
        (int exitCode, string output, string error, _) = child.Execute();
        Console.WriteLine(output + error);
        if (exitCode != 0)
        {
            return ([new ResultRow { Workload = "gemm", Mode = "all shapes", Pondus = "-", Peer = output.Trim(), Goal = MeanGoal }], string.Empty);
        }

        List<ResultRow> rows = [];
        foreach (Match match in Summary().Matches(output))
        {
            string mode = $"{match.Groups["shapes"].Value} products, {match.Groups["threads"].Value} thread(s)";
            rows.Add(Row(mode + ": geometric mean", match.Groups["mean"].Value, MeanGoal));
            rows.Add(Row(mode + ": least", match.Groups["least"].Value, LeastGoal));
        }

        if (Speed(output, 1) is { } one && Speed(output, 2) is { } two)
        {
            rows.Add(new ResultRow
            {
                Workload = "gemm",
                Mode = "two threads, 1024x1024x1024",
                Pondus = $"{two.ToString(CultureInfo.InvariantCulture)} GFLOPS",
                Peer = $"{one.ToString(CultureInfo.InvariantCulture)} GFLOPS (Pondus, one thread)",
                Ratios = [two / one],
                Goal = TwoThreadGoal,
            });
        }

        return (rows, output.TrimEnd());
    }

    private static ResultRow Row(string mode, string ratio, double goal) => new()
    {
        Workload = "gemm",
        Mode = mode,
        Pondus = string.Empty,
        Peer = "OpenBLAS",
        Ratios = [double.Parse(ratio, CultureInfo.InvariantCulture)],
        Goal = goal,
    };

    private static double? Speed(string output, int threads)
    {
        foreach (Match match in Square().Matches(output))
        {
            if (match.Groups["threads"].Value == threads.ToString(CultureInfo.InvariantCulture))
            {
                return double.Parse(match.Groups["speed"].Value, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    [GeneratedRegex(@"threads (?<threads>\d+): geometric mean (?<mean>[\d.]+), minimum (?<least>[\d.]+) of (?<shapes>\d+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Summary();

    [GeneratedRegex(@"(?<threads>\d)T 1024x1024x1024\s+NN\s+Pondus\s+(?<speed>[\d.]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Square();
}
