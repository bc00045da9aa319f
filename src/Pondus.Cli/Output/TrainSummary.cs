namespace Pondus.Cli.Output;

/// <summary>What a training came to, for people.</summary>
internal static class TrainSummary
{
    public static void Write(TextWriter writer, TrainOutcome outcome)
    {
        (string Name, IReadOnlyDictionary<string, double>? Results)[] parts =
            [("train", outcome.Train), ("validation", outcome.Validation), ("test", outcome.Test), ("  deviation", outcome.TestDeviation)];
        string[] columns = [.. parts.SelectMany(static p => p.Results?.Keys ?? []).Distinct(StringComparer.Ordinal)];
        TextTable results = new();
        results.Add([string.Empty, .. columns]);
        foreach ((string name, IReadOnlyDictionary<string, double>? values) in parts)
        {
            if (values is not null)
            {
                results.Add([name, .. columns.Select(c => values.TryGetValue(c, out double value) ? NumberText.Short(value) : string.Empty)]);
            }
        }

        if (columns.Length > 0)
        {
            results.Write(writer, [.. Enumerable.Range(1, columns.Length)]);
            writer.WriteLine();
        }

        ParameterCounts counts = outcome.Parameters;
        TextTable facts = new();
        facts.Add("status", $"{outcome.Status} after {outcome.Epochs:N0} epochs, {outcome.Steps:N0} steps, {NumberText.Duration(outcome.Seconds)}");
        facts.Add("parameters", $"{counts.Total:N0} ({counts.Weights:N0} weights, {counts.Biases:N0} biases; {counts.Trainable:N0} trained)");
        if (outcome.Folds is int folds)
        {
            facts.Add("folds", $"{folds:N0}; the test part's figures are their means, the weights those of a training on all samples");
        }

        if (outcome.Line is { } line)
        {
            facts.Add("line", $"{NumberText.Short(line.Slope)} x + {NumberText.Short(line.Intercept)} (least squares: {NumberText.Short(line.LeastSquaresSlope)} x + {NumberText.Short(line.LeastSquaresIntercept)})");
        }

        facts.Add("run", outcome.Run);
        facts.Add("weights", outcome.Weights is null ? "not yet: continue with --resume" : outcome.Weights);
        if (outcome.Sha256 is not null)
        {
            facts.Add("sha256", outcome.Sha256);
        }

        if (outcome.Findings.Count > 0)
        {
            facts.Add("findings", $"{outcome.Findings.Count}");
        }

        facts.Write(writer);
    }
}
