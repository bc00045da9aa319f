using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What training makes small.</summary>
/// <remarks>
/// <para>Only the settings that the named loss has are read and written: <see cref="ClassWeights"/> and <see cref="Smoothing"/> of CrossEntropy; <see cref="Delta"/> of Huber.</para>
/// </remarks>
public sealed record LossSettings
{
    private static readonly string[] s_types = ["CrossEntropy", "MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossEntropy"];

    /// <summary>Gets the name of the loss.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the weight of each class, or null for 1 each.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Gets the share of the target that is spread over all classes, in [0, 1).</summary>
    public double Smoothing { get; init; }

    /// <summary>Gets the error at which the Huber loss turns from square to linear.</summary>
    public double Delta { get; init; } = 1;

    internal static Kind<LossSettings> Kind { get; } = new VariantKind<LossSettings>(
        "loss",
        "type",
        static l => l.Type,
        static (l, f) => l.Visit(f),
        [.. s_types.Select(static t => new LossSettings { Type = t })]);

    private LossSettings Visit(Fields f) => Type switch
    {
        "CrossEntropy" => this with
        {
            ClassWeights = f.Get("classWeights", ClassWeights, Kinds.Optional(Kinds.List(Kinds.NotNegative, minimumCount: 1)), "Weight of each class."),
            Smoothing = f.Get("smoothing", Smoothing, Kinds.Share, "Share of the target that is spread over all classes."),
        },
        "Huber" => this with { Delta = f.Get("delta", Delta, Kinds.Positive, "Error at which the loss turns from square to linear.") },
        _ => this,
    };
}
