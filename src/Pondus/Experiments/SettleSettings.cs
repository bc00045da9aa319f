using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Ends the training when loss and weights have stopped to change.</summary>
/// <remarks>
/// <para>Range and unit: both tolerances are relative changes from one epoch to the next.</para>
/// </remarks>
public sealed record SettleSettings
{
    /// <summary>Gets the relative change of the training loss below which it counts as settled.</summary>
    public double LossTolerance { get; init; } = 1e-6;

    /// <summary>Gets the relative change of the weights' norm below which they count as settled.</summary>
    public double WeightTolerance { get; init; } = 1e-6;

    /// <summary>Gets for how many epochs in a row both must hold.</summary>
    public int Patience { get; init; } = 5;

    internal static Kind<SettleSettings> Kind { get; } = new SectionKind<SettleSettings>(
        new(),
        static (s, f) => s with
        {
            LossTolerance = f.Get("lossTolerance", s.LossTolerance, Kinds.NotNegative, "Relative change of the training loss below which it counts as settled."),
            WeightTolerance = f.Get("weightTolerance", s.WeightTolerance, Kinds.NotNegative, "Relative change of the weights below which they count as settled."),
            Patience = f.Get("patience", s.Patience, Kinds.Integer(1), "For how many epochs in a row both must hold."),
        });
}
