using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A mean of the weights that is evaluated and kept.</summary>
/// <remarks>Only the settings that the named kind has are read and written: <see cref="Decay"/> and <see cref="WarmUp"/> of Exponential; <see cref="FromEpoch"/> of Stochastic.</remarks>
public sealed record AveragingSettings
{
    /// <summary>Gets the kind: Exponential (a running mean, after each step) or Stochastic (the plain mean of epochs).</summary>
    public required string Type { get; init; }

    /// <summary>Gets the share of the old mean, in [0, 1).</summary>
    public double Decay { get; init; } = 0.999;

    /// <summary>Gets whether the decay rises to its value.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Gets the first epoch that counts, from 1.</summary>
    public int FromEpoch { get; init; } = 1;

    internal static Kind<AveragingSettings> Kind { get; } = new VariantKind<AveragingSettings>(
        "averaging",
        "type",
        static a => a.Type,
        static (a, f) => a.Visit(f),
        new AveragingSettings { Type = "Exponential" },
        new AveragingSettings { Type = "Stochastic" });

    private AveragingSettings Visit(Fields f) => Type == "Exponential"
        ? this with
        {
            Decay = f.Get("decay", Decay, Kinds.Share, "Share of the old mean."),
            WarmUp = f.Get("warmUp", WarmUp, Kinds.Flag, "Whether the decay rises to its value, so that the start is soon forgotten."),
        }
        : this with { FromEpoch = f.Get("fromEpoch", FromEpoch, Kinds.Integer(1), "First epoch that counts, from 1.") };
}
