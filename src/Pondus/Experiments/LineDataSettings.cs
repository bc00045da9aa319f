using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Points near a straight line, y = slope x + intercept + noise, with x uniform in [-1, 1].</summary>
public sealed record LineDataSettings : DataSettings
{
    /// <inheritdoc/>
    public override string Source => "line";

    /// <summary>Gets the number of points.</summary>
    public int Count { get; init; } = 200;

    /// <summary>Gets the slope.</summary>
    public double Slope { get; init; } = 2;

    /// <summary>Gets the intercept.</summary>
    public double Intercept { get; init; } = 1;

    /// <summary>Gets the deviation of the noise.</summary>
    public double Noise { get; init; } = 0.1;

    internal override DataSettings VisitSource(Fields f) => this with
    {
        Count = f.Get("count", Count, Kinds.Integer(2, 100_000_000), "Number of points."),
        Slope = f.Get("slope", Slope, Kinds.AnyNumber, "Slope of the line."),
        Intercept = f.Get("intercept", Intercept, Kinds.AnyNumber, "Height of the line at 0."),
        Noise = f.Get("noise", Noise, Kinds.NotNegative, "Deviation of the noise."),
    };
}
