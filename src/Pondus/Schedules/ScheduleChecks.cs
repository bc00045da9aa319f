namespace Pondus.Schedules;

/// <summary>Checks settings at the public door.</summary>
internal static class ScheduleChecks
{
    public static long AtLeast(string who, string name, long value, long least) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} of at least {least}, got {value}.");

    public static double Above(string who, string name, double value, double bound) => value > bound && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected a finite {name} above {bound}, got {value}.");

    public static double Within(string who, string name, double value, double least, double most) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} in [{least}, {most}], got {value}.");
}
