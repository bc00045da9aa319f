using Spectre.Console;

namespace Pondus.Benchmarks.Report;

/// <summary>Measures Pondus and its peers in turn, prints the table and keeps it.</summary>
internal static class Benchmark
{
    private const int LeastPairs = 7;
    private const int MostRounds = 3;

    // Workload and how many times as fast as the peer it has to be.
    private static readonly (string Name, double Goal)[] s_trainings =
    [
        ("mlp_tabular", 10),
        ("mlp_mnist", 1.5),
        ("cnn_fashion", 1.6),
        ("resnet_cifar", 1.2),
        ("gpt_char", 1.5),
        ("lstm_char", 1.3),
        ("unet_diffusion", 1.2),
        ("linear_full", 2),
        ("linear_mini", 8),
        ("logistic_full", 2),
        ("logistic_mini", 8),
    ];

    private static readonly string[] s_others = ["widths", "infer_mlp", "infer_mlp_batch", "infer_gpt", "infer_cnn", "infer_cnn_batch", "cold_start", "inspect", "scaling", "gemm"];

    public static int Run(string[] args)
    {
        List<string> names = CommandLine.Words(args);
        string[] known = [.. s_trainings.Select(static t => t.Name), .. s_others];
        if (args.Contains("--help") || names.Except(known).Any())
        {
            Console.Error.WriteLine($"usage: ./build.sh bench [WORKLOAD...] [--pairs N] [--seconds S] [--file true|false]\nWORKLOAD: {string.Join(", ", known)}");
            return 2;
        }

        int pairs = CommandLine.Count(args, "--pairs", LeastPairs);
        string seconds = CommandLine.Number(args, "--seconds", 2).ToString();
        bool keeps = CommandLine.Value(args, "--file") != "false";
        ResultFile file = ResultFile.Open(TimeProvider.System.GetUtcNow());
        List<ResultRow> all = [];
        foreach (string name in names.Count > 0 ? names : [.. known])
        {
            (List<ResultRow> rows, string text) = Measure(name, pairs, seconds, args);
            all.AddRange(rows);
            Print(rows);
            if (keeps)
            {
                string command = $"./build.sh bench {name} {string.Join(' ', args.Where(a => !known.Contains(a)))}".Trim();
                Console.WriteLine($"kept in {Path.GetRelativePath(Repository.Root, file.Save(name, rows, text, command))}");
            }
        }

        if (names.Count != 1)
        {
            Print(all);
        }

        int missed = all.Count(static r => r.Met == "NO"), unknown = all.Count(static r => r.Met == "not measured");
        Console.WriteLine($"{all.Count(static r => r.Met == "yes")} goals met, {missed} missed, {unknown} not measured{(unknown > 0 ? " (a peer is not installed: see benchmarks/peers/README.md)" : string.Empty)}");
        return 0;
    }

    private static (List<ResultRow> Rows, string Text) Measure(string name, int pairs, string seconds, string[] args) => name switch
    {
        "gemm" => GemmComparison.Compare(args),
        "scaling" => ([], ScalingComparison.Measure(Math.Min(pairs, MostRounds), seconds)),
        "cold_start" => (ColdStartComparison.Compare(pairs), string.Empty),
        "inspect" => (InspectionComparison.Compare(pairs), string.Empty),
        "infer_mlp" => (InferenceComparison.Single(pairs, seconds), string.Empty),
        "infer_mlp_batch" => (InferenceComparison.Batch(pairs, seconds), string.Empty),
        "infer_cnn" => (InferenceComparison.Compare("infer_cnn", 1, pairs, seconds, []), string.Empty),
        "infer_cnn_batch" => (InferenceComparison.Compare("infer_cnn", 256, pairs, seconds, []), string.Empty),
        "infer_gpt" => (GenerationComparison.Compare(pairs, seconds), string.Empty),
        "widths" => ([.. WidthComparison.Compare("mlp_tabular", pairs, seconds), .. WidthComparison.Compare("mlp_mnist", pairs, seconds)], string.Empty),
        _ => (TrainingComparison.Compare(name, s_trainings.First(t => t.Name == name).Goal, pairs, seconds), string.Empty),
    };

    private static void Print(List<ResultRow> rows)
    {
        const int readableWidth = 160;
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = readableWidth;
        }

        Table table = new();
        table.AddColumns("Workload", "Pondus as", "Pondus", "Peer", "Ratio [[min, max]]", "Goal", "Met");
        foreach (ResultRow row in rows)
        {
            table.AddRow(new[] { row.Workload, row.Mode, row.Pondus, row.Peer, row.RatioText, row.GoalText, row.Met }.Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Write(table);
        foreach (ResultRow row in rows.Where(static r => r.Note.Length > 0))
        {
            Console.WriteLine($"  {row.Workload}, {row.Mode}: {row.Note}");
        }
    }
}
