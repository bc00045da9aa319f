namespace Pondus.Cli.Output;

/// <summary>Draws losses over the epochs with characters: <c>*</c> for training, <c>o</c> for validation.</summary>
internal static class LossChart
{
    /// <summary>Writes the chart; nothing when there are fewer than two epochs with finite losses.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="history">The losses, first to last epoch.</param>
    /// <param name="width">Columns of the drawing.</param>
    /// <param name="height">Rows of the drawing.</param>
    public static void Write(TextWriter writer, IReadOnlyList<LossPoint> history, int width = 60, int height = 10)
    {
        double[] values = [.. history.Select(static p => p.Loss).Concat(history.Select(static p => p.ValidationLoss ?? double.NaN)).Where(double.IsFinite)];
        if (history.Count < 2 || values.Length < 2)
        {
            return;
        }

        double largest = values.Max();
        // A loss that falls over decades shows only on a logarithmic scale; one that reaches 0 stays on its lowest row.
        bool logarithmic = values.Min() >= 0 && largest > 0 && largest / values.Where(static v => v > 0).Min() > 30;
        double smallest = logarithmic ? values.Where(static v => v > 0).Min() : values.Min();
        Func<double, double> scale = logarithmic ? Math.Log10 : static v => v;
        double low = scale(smallest);
        double span = Math.Max(scale(largest) - low, double.Epsilon);
        char[][] rows = [.. Enumerable.Range(0, height).Select(_ => new string(' ', width).ToCharArray())];
        for (int x = 0; x < width; x++)
        {
            double at = (double)x / (width - 1) * (history.Count - 1);
            Mark(rows, x, Between(history, at, static p => p.Loss), '*', scale, low, span);
            Mark(rows, x, Between(history, at, static p => p.ValidationLoss ?? double.NaN), 'o', scale, low, span);
        }

        for (int y = 0; y < height; y++)
        {
            string label = y == 0 ? NumberText.Short(largest) : y == height - 1 ? NumberText.Short(smallest) : string.Empty;
            writer.WriteLine($"{label,10} |{new string(rows[y]).TrimEnd()}");
        }

        bool hasValidation = history.Any(static p => p.ValidationLoss is not null);
        string legend = $"loss{(logarithmic ? " (log scale)" : string.Empty)}: * training{(hasValidation ? ", o validation" : string.Empty)}";
        writer.WriteLine($"{string.Empty,10} +{new string('-', width)}");
        writer.WriteLine($"{string.Empty,12}epoch {history[0].Epoch} to {history[^1].Epoch}, {legend}");
    }

    // Few epochs in many columns are joined by straight lines instead of steps.
    private static double Between(IReadOnlyList<LossPoint> history, double at, Func<LossPoint, double> value)
    {
        int before = (int)at;
        double share = at - before;
        double first = value(history[before]);
        return share == 0 ? first : first + (share * (value(history[before + 1]) - first));
    }

    private static void Mark(char[][] rows, int x, double value, char mark, Func<double, double> scale, double low, double span)
    {
        if (double.IsFinite(value))
        {
            double height = Math.Clamp((scale(value) - low) / span, 0, 1);
            rows[rows.Length - 1 - (int)Math.Round(height * (rows.Length - 1))][x] = mark;
        }
    }
}
