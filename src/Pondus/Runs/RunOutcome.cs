namespace Pondus.Runs;

/// <summary>What running an experiment came to.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Record">The content of its <c>run.json</c>.</param>
/// <param name="Summary">The network's parameters.</param>
public sealed record RunOutcome(RunFolder Folder, RunRecord Record, ModuleSummary Summary);
