using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Ends the training when the validation part gets no better.</summary>
public sealed record EarlyStoppingSettings
{
    /// <summary>Gets how many epochs without progress are waited for.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Gets the smallest change that counts as progress.</summary>
    public double MinimumDelta { get; init; }

    internal static Kind<EarlyStoppingSettings> Kind { get; } = new SectionKind<EarlyStoppingSettings>(
        new(),
        static (s, f) => s with
        {
            Patience = f.Get("patience", s.Patience, Kinds.Integer(1), "How many epochs without progress are waited for."),
            MinimumDelta = f.Get("minimumDelta", s.MinimumDelta, Kinds.NotNegative, "Smallest change that counts as progress."),
        });
}
