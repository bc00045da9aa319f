using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A layer norm or a root mean square norm over the last axes, whose sizes are inferred.</summary>
/// <param name="type">LayerNorm or RmsNorm.</param>
public sealed record LayerNormSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets how many of the last axes are normalized together.</summary>
    public int Axes { get; init; } = 1;

    /// <summary>Gets what is added to the variance or the mean square.</summary>
    public double Epsilon { get; init; } = type == "RmsNorm" ? 1e-6 : 1e-5;

    /// <summary>Gets whether there is a weight.</summary>
    public bool Weight { get; init; } = true;

    /// <summary>Gets whether LayerNorm has a bias beside its weight.</summary>
    public bool Bias { get; init; } = true;

    internal override Layer Make(in Shape input, RandomSource random, string path)
    {
        if (Axes > input.Rank)
        {
            throw new ExperimentException($"{path}.axes", $"at most the {input.Rank} axes of a sample", $"{Axes}");
        }

        Shape sizes = new(input.ToArray().AsSpan(input.Rank - Axes));
        return Type == "RmsNorm" ? new RmsNorm(sizes, (float)Epsilon, Weight) : new LayerNorm(sizes, (float)Epsilon, Weight, Bias);
    }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Axes = f.Get("axes", Axes, Kinds.Integer(1, Shape.MaxRank), "How many of the last axes are normalized together."),
        Epsilon = f.Get("epsilon", Epsilon, Kinds.Positive, "Added to the variance or the mean square."),
        Weight = f.Get("weight", Weight, Kinds.Flag, "Whether there is a weight."),
        Bias = Type == "LayerNorm" ? f.Get("bias", Bias, Kinds.Flag, "Whether there is a bias beside the weight.") : Bias,
    };
}
