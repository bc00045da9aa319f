namespace Pondus;

/// <summary>What attention may look at, and how its scores are scaled.</summary>
public readonly record struct AttentionOptions
{
    /// <summary>Makes options that let every query see every key.</summary>
    public AttentionOptions()
    {
    }

    /// <summary>Gets whether the query at place i sees only the keys up to place i.</summary>
    public bool Causal { get; init; }

    /// <summary>Gets the number of keys of each sample, the others being padding; empty when all count.</summary>
    public ReadOnlyMemory<int> KeyLengths { get; init; }

    /// <summary>Gets what is added to the scaled scores, of a shape that broadcasts to (batch, heads, queries, keys); minus infinity hides. It gets no gradient.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>Gets the factor of the scores; null takes 1 / sqrt(size).</summary>
    public float? Scale { get; init; }

    /// <summary>Gets the share of the attention weights that are set to zero, in [0, 1); the others are scaled so that the expectation stays.</summary>
    public float DropoutRate { get; init; }

    /// <summary>Gets the stream of the dropout mask; it moves on by the numbers that the mask takes.</summary>
    public RandomSource? DropoutRandom { get; init; }
}
