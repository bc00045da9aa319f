namespace Pondus.Layers;

/// <summary>Settings of a <see cref="MultiheadAttention"/> beside its width and heads.</summary>
public sealed record AttentionSettings
{
    /// <summary>Gets a value indicating whether the maps have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets the share of the attention weights that are dropped while training, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>Gets the size of the vectors that keys are made of; null takes the width.</summary>
    public int? KeyWidth { get; init; }

    /// <summary>Gets the size of the vectors that values are made of; null takes the width.</summary>
    public int? ValueWidth { get; init; }

    /// <summary>Gets the number of heads of keys and values, which divides that of queries; null takes as many.</summary>
    public int? KeyHeads { get; init; }

    /// <summary>Gets a value indicating whether self-attention sees only the tokens up to its own.</summary>
    public bool Causal { get; init; }

    /// <summary>Gets which values are turned to tell positions.</summary>
    public RotaryPositions Rotary { get; init; }

    /// <summary>Gets the base of the rotary angles, above 0.</summary>
    public float RotaryBase { get; init; } = 10_000f;
}
