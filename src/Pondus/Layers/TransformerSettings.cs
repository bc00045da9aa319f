namespace Pondus.Layers;

/// <summary>Settings of a <see cref="TransformerEncoderLayer"/> beside its width and heads.</summary>
public sealed record TransformerSettings
{
    /// <summary>Gets the size between the two linear maps; null takes four times the width.</summary>
    public int? Inner { get; init; }

    /// <summary>Gets the activation between the two linear maps.</summary>
    public TransformerActivation Activation { get; init; } = TransformerActivation.Relu;

    /// <summary>Gets a value indicating whether norms stand before what they belong to, not behind.</summary>
    public bool NormFirst { get; init; }

    /// <summary>Gets a value indicating whether a token sees only those up to its own.</summary>
    public bool Causal { get; init; }

    /// <summary>Gets the dropout on attention weights, activations and both branches, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>Gets a value indicating whether maps and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets what norms add to the variance, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;
}
