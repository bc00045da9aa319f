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

    /// <summary>Gets a safetensors file to start from, or null.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>Gets patterns of names of parameters that stay as they are; * stands for any letters.</summary>
    public IReadOnlyList<string> Frozen { get; init; } = [];
}
