using System.Globalization;
using System.Text.Json.Nodes;

namespace Pondus.Benchmarks.Report;

/// <summary>A line of the table.</summary>
internal sealed record ResultRow
{
    public required string Workload { get; init; }

    /// <summary>Gets how Pondus ran.</summary>
    public required string Mode { get; init; }

    public required string Pondus { get; init; }

    public required string Peer { get; init; }

    /// <summary>Gets the ratios of the pairs; empty where the peer could not run.</summary>
    public double[] Ratios { get; init; } = [];

    /// <summary>Gets the goal, or null for a line that only informs.</summary>
    public double? Goal { get; init; }

    /// <summary>Gets a value indicating whether the goal is an upper bound.</summary>
    public bool GoalIsUpper { get; init; }

    /// <summary>Gets what else is to be known.</summary>
    public string Note { get; init; } = string.Empty;

    public double Ratio => Ratios.Length == 0 ? double.NaN : Statistics.Median(Ratios);

    public string RatioText => Ratios.Length switch
    {
        0 => "-",
        1 => Number(Ratios[0]),
        _ => $"{Number(Ratio)} [{Number(Ratios.Min())}, {Number(Ratios.Max())}]",
    };

    public string GoalText => Goal is not { } goal ? string.Empty : (GoalIsUpper ? "<= " : ">= ") + goal.ToString(CultureInfo.InvariantCulture);

    public string Met => Goal is not { } goal ? string.Empty : double.IsNaN(Ratio) ? "not measured" : (GoalIsUpper ? Ratio <= goal : Ratio >= goal) ? "yes" : "NO";

    public static ResultRow Read(JsonObject row) => new()
    {
        Workload = row["workload"]!.GetValue<string>(),
        Mode = row["mode"]!.GetValue<string>(),
        Pondus = row["pondus"]!.GetValue<string>(),
        Peer = row["peer"]!.GetValue<string>(),
        Ratios = [.. row["ratios"]!.AsArray().Select(static n => n!.GetValue<double>())],
        Goal = row["goal"]?.GetValue<double>(),
        GoalIsUpper = row["goalIsUpper"]!.GetValue<bool>(),
        Note = row["note"]!.GetValue<string>(),
    };

    public JsonObject Write() => new()
    {
        ["workload"] = Workload,
        ["mode"] = Mode,
        ["pondus"] = Pondus,
        ["peer"] = Peer,
        ["ratios"] = new JsonArray([.. Ratios.Select(static r => (JsonNode)double.Parse(r.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))]),
        ["goal"] = Goal,
        ["goalIsUpper"] = GoalIsUpper,
        ["note"] = Note,
    };

    private static string Number(double value) => value.ToString(value switch { >= 10 => "F1", >= 0.01 => "F2", _ => "E1" }, CultureInfo.InvariantCulture);
}
