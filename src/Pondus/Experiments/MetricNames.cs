namespace Pondus.Experiments;

/// <summary>The metrics that a file can ask for.</summary>
public static class MetricNames
{
    /// <summary>Gets the names.</summary>
    public static IReadOnlyList<string> All { get; } = ["Accuracy", "MeanAbsoluteError", "RootMeanSquaredError", "RSquared"];
}
