namespace Pondus.Runs;

/// <summary>How an experiment is run.</summary>
public sealed record TrainOptions
{
    /// <summary>Gets the run's folder, or null for a new one under <see cref="Root"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets where new runs are kept.</summary>
    public string Root { get; init; } = "runs";

    /// <summary>Gets a value indicating whether the run in <see cref="Folder"/> is continued.</summary>
    public bool Resume { get; init; }
}
