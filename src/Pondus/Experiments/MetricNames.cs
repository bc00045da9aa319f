namespace Pondus.Experiments;

/// <summary>The metrics that a file can ask for.</summary>
public static class MetricNames
{
    /// <summary>Gets the names.</summary>
    public static IReadOnlyList<string> All { get; } = ["Accuracy", "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "RSquared"];

    /// <summary>Gets what training can watch: the loss and the metrics.</summary>
    internal static IReadOnlyList<string> AndLoss { get; } = ["loss", .. All];
}
