namespace Pondus.Runs;

/// <summary>A number in an event file.</summary>
/// <param name="Step">Step of the training.</param>
/// <param name="WallTime">Time of day in seconds since 1970.</param>
/// <param name="Value">The number; it may be NaN or infinite.</param>
public readonly record struct LoggedScalar(long Step, double WallTime, double Value);
