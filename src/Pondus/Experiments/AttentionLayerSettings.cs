using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Self-attention over the tokens of a sample, which are its first axis.</summary>
public sealed record AttentionLayerSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "MultiheadAttention";

    /// <summary>Gets the number of heads, which divides the size of a token's vector.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the number of heads of keys and values; null takes as many.</summary>
    public int? KeyHeads { get; init; }

    /// <summary>Gets whether a token sees only those up to its own.</summary>
    public bool Causal { get; init; }

    /// <summary>Gets whether the maps have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets the dropout on the attention weights.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets which values are turned to tell positions.</summary>
    public RotaryPositions Rotary { get; init; }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Heads = f.Get("heads", Heads, Kinds.Integer(1), "Number of heads, which divides the size of a token's vector."),
        KeyHeads = f.Get("keyHeads", KeyHeads, Kinds.OptionalValue(Kinds.Integer(1)), "Number of heads of keys and values; null takes as many."),
        Causal = f.Get("causal", Causal, Kinds.Flag, "Whether a token sees only those up to its own."),
        Bias = f.Get("bias", Bias, Kinds.Flag, "Whether the maps have biases."),
        Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout on the attention weights."),
        Rotary = f.Get("rotary", Rotary, Kinds.Choice<RotaryPositions>(), "Which values are turned to tell positions."),
    };

    internal override Layer Make(in Shape input, RandomSource random, string path)
    {
        int keyHeads = KeyHeads ?? Heads;
        bool fits = input.Rank == 2 && input.Last % Heads == 0 && Heads % keyHeads == 0 && (Rotary == RotaryPositions.None || input.Last / Heads % 2 == 0);
        AttentionSettings settings = new() { KeyHeads = KeyHeads, Causal = Causal, Bias = Bias, Dropout = (float)Dropout, Rotary = Rotary };
        return fits
            ? new MultiheadAttention(input.Last, Heads, random, settings)
            : throw new ExperimentException(path, $"samples of (tokens, width) whose width {Heads} heads divide, and {keyHeads} heads of keys that divide those", input.ToString());
    }
}
