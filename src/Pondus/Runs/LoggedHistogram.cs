namespace Pondus.Runs;

/// <summary>A histogram in an event file.</summary>
/// <param name="Step">Step of the training.</param>
/// <param name="WallTime">Time of day in seconds since 1970.</param>
/// <param name="Edges">Edges of the bins, ascending: one more than there are bins, or none.</param>
/// <param name="Counts">How many values each bin has.</param>
public sealed record LoggedHistogram(long Step, double WallTime, double[] Edges, double[] Counts);
