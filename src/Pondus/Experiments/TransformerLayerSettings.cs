using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A block of a transformer over the tokens of a sample, which are its first axis.</summary>
public sealed record TransformerLayerSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "TransformerEncoderLayer";

    /// <summary>Gets the number of heads, which divides the size of a token's vector.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the size between the two linear maps; null takes four times the width.</summary>
    public int? Inner { get; init; }

    /// <summary>Gets what stands between the two linear maps.</summary>
    public TransformerActivation Activation { get; init; } = TransformerActivation.Relu;

    /// <summary>Gets whether norms stand before what they belong to.</summary>
    public bool NormFirst { get; init; }

    /// <summary>Gets whether a token sees only those up to its own.</summary>
    public bool Causal { get; init; }

    /// <summary>Gets the dropout on attention weights, activations and both branches.</summary>
    public double Dropout { get; init; }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Heads = f.Get("heads", Heads, Kinds.Integer(1), "Number of heads, which divides the size of a token's vector."),
        Inner = f.Get("inner", Inner, Kinds.OptionalValue(Kinds.Integer(1)), "Size between the two linear maps; null takes four times the width."),
        Activation = f.Get("activation", Activation, Kinds.Choice<TransformerActivation>(), "What stands between the two linear maps."),
        NormFirst = f.Get("normFirst", NormFirst, Kinds.Flag, "Whether norms stand before what they belong to, not behind."),
        Causal = f.Get("causal", Causal, Kinds.Flag, "Whether a token sees only those up to its own."),
        Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout on attention weights, activations and both branches."),
    };

    internal override Layer Make(in Shape input, RandomSource random, string path) => input.Rank == 2 && input.Last % Heads == 0
        ? new TransformerEncoderLayer(input.Last, Heads, random, new TransformerSettings { Inner = Inner, Activation = Activation, NormFirst = NormFirst, Causal = Causal, Dropout = (float)Dropout })
        : throw new ExperimentException(path, $"samples of (tokens, width) whose width {Heads} heads divide", input.ToString());
}
