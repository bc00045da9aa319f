using Pondus.Experiments.Settings;
using Pondus.Losses;

namespace Pondus.Experiments;

/// <summary>What training makes small.</summary>
/// <remarks>
/// <para>Only the settings that the named loss has are read and written; the types of <c>Pondus.Losses</c> tell what they mean. Losses of two or three networks' outputs (pairs, triplets) are for code.</para>
/// </remarks>
public sealed record LossSettings
{
    private static readonly string[] s_types =
    [
        "CrossEntropy", "MeanSquaredError", "MeanAbsoluteError", "Huber", "BinaryCrossEntropy", "SmoothL1", "Focal", "Hinge", "NegativeLogLikelihood", "SoftMargin",
        "HingeEmbedding", "KullbackLeibler", "MultiLabelSoftMargin", "MultiLabelMargin", "PoissonNegativeLogLikelihood", "Ssim", "MultiScaleSsim", "Psnr",
    ];

    /// <summary>Gets the name of the loss.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the weight of each class, or null for 1 each.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Gets the share of the target that is spread over all classes, in [0, 1).</summary>
    public double Smoothing { get; init; }

    /// <summary>Gets the error at which the Huber loss turns from square to linear.</summary>
    public double Delta { get; init; } = 1;

    /// <summary>Gets the error at which the SmoothL1 loss turns from square to linear, at least 0.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>Gets the weight of the positive answers of BinaryCrossEntropy.</summary>
    public double PositiveWeight { get; init; } = 1;

    /// <summary>Gets how strongly the focal loss leaves right answers alone.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>Gets the distance by which hinge losses want the true answer to win.</summary>
    public double Margin { get; init; } = 1;

    /// <summary>Gets the power of the hinge loss, 1 or 2.</summary>
    public int Power { get; init; } = 1;

    /// <summary>Gets a value indicating whether the targets of KullbackLeibler are logarithms.</summary>
    public bool LogarithmicTargets { get; init; }

    /// <summary>Gets a value indicating whether PoissonNegativeLogLikelihood takes the logarithm of the rate.</summary>
    public bool LogarithmicInput { get; init; } = true;

    /// <summary>Gets the distance of the largest from the smallest value of pictures.</summary>
    public double DataRange { get; init; } = 1;

    internal static Kind<LossSettings> Kind { get; } = new VariantKind<LossSettings>(
        "loss",
        "type",
        static l => l.Type,
        static (l, f) => l.Visit(f),
        [.. s_types.Select(static t => new LossSettings { Type = t })]);

    /// <summary>Gets what the loss learns from.</summary>
    internal LossTask Task => Type switch
    {
        "CrossEntropy" or "Focal" or "Hinge" or "NegativeLogLikelihood" => LossTask.Classes,
        "BinaryCrossEntropy" => LossTask.YesOrNo,
        "SoftMargin" => LossTask.Signs,
        _ => LossTask.Numbers,
    };

    private float[] Weights => [.. (ClassWeights ?? []).Select(static w => (float)w)];

    /// <summary>Makes the loss.</summary>
    internal Loss Build() => Type switch
    {
        "CrossEntropy" => new CrossEntropy((float)Smoothing, Weights),
        "MeanSquaredError" => new MeanSquaredError(),
        "MeanAbsoluteError" => new MeanAbsoluteError(),
        "Huber" => new Huber((float)Delta),
        "BinaryCrossEntropy" => new BinaryCrossEntropy((float)PositiveWeight),
        "SmoothL1" => new SmoothL1((float)Beta),
        "Focal" => new Focal((float)Gamma, classWeights: Weights),
        "Hinge" => new Hinge((float)Margin, Power, Weights),
        "NegativeLogLikelihood" => new NegativeLogLikelihood(Weights),
        "SoftMargin" => new SoftMargin(),
        "HingeEmbedding" => new HingeEmbedding((float)Margin),
        "KullbackLeibler" => new KullbackLeibler(LogarithmicTargets),
        "MultiLabelSoftMargin" => new MultiLabelSoftMargin(Weights),
        "MultiLabelMargin" => new MultiLabelMargin(),
        "PoissonNegativeLogLikelihood" => new PoissonNegativeLogLikelihood(LogarithmicInput),
        "Ssim" => new Ssim((float)DataRange),
        "MultiScaleSsim" => new MultiScaleSsim((float)DataRange),
        "Psnr" => new Psnr((float)DataRange),
        _ => throw new ExperimentException("loss.type", "a known loss", Type),
    };

    private LossSettings Visit(Fields f) => Type switch
    {
        "CrossEntropy" => VisitWeights(f) with { Smoothing = f.Get("smoothing", Smoothing, Kinds.Share, "Share of the target that is spread over all classes.") },
        "Huber" => this with { Delta = f.Get("delta", Delta, Kinds.Positive, "Error at which the loss turns from square to linear.") },
        "BinaryCrossEntropy" => this with { PositiveWeight = f.Get("positiveWeight", PositiveWeight, Kinds.Positive, "Weight of the positive answers.") },
        "SmoothL1" => this with { Beta = f.Get("beta", Beta, Kinds.NotNegative, "Error at which the loss turns from square to linear.") },
        "Focal" => VisitWeights(f) with { Gamma = f.Get("gamma", Gamma, Kinds.NotNegative, "How strongly right answers are left alone; 0 is cross-entropy.") },
        "Hinge" => VisitWeights(f) with { Margin = VisitMargin(f), Power = f.Get("power", Power, Kinds.Integer(1, 2), "1, or 2 for squares.") },
        "NegativeLogLikelihood" or "MultiLabelSoftMargin" => VisitWeights(f),
        "HingeEmbedding" => this with { Margin = VisitMargin(f) },
        "KullbackLeibler" => this with { LogarithmicTargets = f.Get("logarithmicTargets", LogarithmicTargets, Kinds.Flag, "Whether the targets are logarithms of probabilities.") },
        "PoissonNegativeLogLikelihood" => this with { LogarithmicInput = f.Get("logarithmicInput", LogarithmicInput, Kinds.Flag, "Whether the network gives the logarithm of the rate.") },
        "Ssim" or "MultiScaleSsim" or "Psnr" => this with { DataRange = f.Get("dataRange", DataRange, Kinds.Positive, "Distance of the largest from the smallest value of pictures.") },
        _ => this,
    };

    private LossSettings VisitWeights(Fields f) => this with { ClassWeights = f.Get("classWeights", ClassWeights, Kinds.Optional(Kinds.List(Kinds.NotNegative, minimumCount: 1)), "Weight of each class.") };

    private double VisitMargin(Fields f) => f.Get("margin", Margin, Kinds.AnyNumber, "Distance by which the true answer must win.");
}
