namespace Pondus.Networks;

/// <summary>Sizes of a <see cref="Gpt"/>; the defaults are a small network for characters.</summary>
public sealed record GptSettings
{
    /// <summary>Gets the number of tokens that are told apart, at least 1.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Gets the most tokens of a sequence, at least 1.</summary>
    public int Context { get; init; } = 128;

    /// <summary>Gets the number of blocks, at least 1.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Gets the number of attention heads, which divides the width.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the size of a token's vector.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the size of the inner layer of a block; null takes four times the width.</summary>
    public int? Inner { get; init; }

    /// <summary>Gets a value indicating whether linear maps and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets a value indicating whether the output's weight is the table of tokens.</summary>
    public bool TiedHead { get; init; } = true;

    /// <summary>Gets the dropout on embeddings, attention weights and both branches of a block, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>Gets what norms add to the variance, above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Fails unless the sizes fit.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Context, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Inner ?? 1, 1, nameof(Inner));
        if (Width % Heads != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Heads), Heads, $"Gpt: expected a number of heads that divides the width {Width}, got {Heads}.");
        }
    }
}
