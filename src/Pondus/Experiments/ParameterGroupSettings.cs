using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Settings of the optimizer for parameters whose names fit a pattern; what is null stays.</summary>
public sealed record ParameterGroupSettings
{
    /// <summary>Gets the pattern, such as <c>*.bias</c>.</summary>
    public string Match { get; init; } = string.Empty;

    /// <summary>Gets whether only parameters with less than two dimensions belong to the group.</summary>
    public bool VectorsOnly { get; init; }

    /// <summary>Gets what the learning rate is multiplied by, or null.</summary>
    public double? LearningRateFactor { get; init; }

    /// <summary>Gets the weight decay, or null.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Gets the momentum, of Adam and its kin beta1, or null.</summary>
    public double? Momentum { get; init; }

    /// <summary>Gets beta2, or null.</summary>
    public double? Beta2 { get; init; }

    /// <summary>Gets whether the parameters do not move.</summary>
    public bool Frozen { get; init; }

    internal static Kind<ParameterGroupSettings> Kind { get; } = new SectionKind<ParameterGroupSettings>(
        new(),
        static (s, f) => s with
        {
            Match = f.Get("match", s.Match, Kinds.Text("a pattern of parameter names such as *.bias"), "Pattern of parameter names: * stands for any text, ? for one character."),
            VectorsOnly = f.Get("vectorsOnly", s.VectorsOnly, Kinds.Flag, "Whether only parameters with less than two dimensions belong to the group: biases and the scales of norms."),
            LearningRateFactor = f.Get("learningRateFactor", s.LearningRateFactor, Kinds.OptionalValue(Kinds.NotNegative), "What the learning rate is multiplied by."),
            WeightDecay = f.Get("weightDecay", s.WeightDecay, Kinds.OptionalValue(Kinds.NotNegative), "Weight decay."),
            Momentum = f.Get("momentum", s.Momentum, Kinds.OptionalValue(Kinds.Share), "Momentum, of Adam and its kin beta1."),
            Beta2 = f.Get("beta2", s.Beta2, Kinds.OptionalValue(Kinds.Share), "Decay of the squared gradient's running mean."),
            Frozen = f.Get("frozen", s.Frozen, Kinds.Flag, "Whether the parameters do not move."),
        });
}
