using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The learning rate is multiplied by a factor when the validation loss gets no better.</summary>
public sealed record ReduceOnPlateauSettings : ScheduleSettings
{
    /// <inheritdoc/>
    public override string Type => "ReduceOnPlateau";

    /// <summary>Gets the factor that the learning rate is multiplied by, above 0.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Gets the number of epochs without progress that are borne.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Gets the share of the best loss that counts as progress.</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Gets the number of epochs after a change in which nothing is counted.</summary>
    public int Cooldown { get; init; }

    /// <summary>Gets the learning rate at the end, itself and not a factor; at most that of the optimizer.</summary>
    public double Minimum { get; init; }

    internal override ScheduleSettings Visit(Fields f)
    {
        ReduceOnPlateauSettings visited = this with
        {
            Factor = f.Get("factor", Factor, Kinds.Share, "Factor that the learning rate is multiplied by, above 0."),
            Patience = f.Get("patience", Patience, Kinds.Integer(0), "Number of epochs without progress that are borne."),
            Threshold = f.Get("threshold", Threshold, Kinds.Share, "Share of the best loss that counts as progress."),
            Cooldown = f.Get("cooldown", Cooldown, Kinds.Integer(0), "Number of epochs after a change in which nothing is counted."),
            Minimum = f.Get("minimum", Minimum, Kinds.NotNegative, "Learning rate at the end, itself and not a factor; at most that of the optimizer."),
        };
        f.Check(visited.Factor > 0, "factor", "a number above 0 and below 1", $"{visited.Factor}");
        return visited;
    }
}
