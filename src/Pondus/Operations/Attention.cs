namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Attention: each query's mean of the values, weighted by how well its key fits.</summary>
    /// <remarks>
    /// <para>Formula: y = softmax(scale q kᵀ + mask) v over the keys. A query that sees no key gives 0.</para>
    /// <para>Shape: this (batch, heads, queries, size), keys (batch, key heads, keys, size), values (batch, key heads, keys, value size) to (batch, heads, queries, value size);
    /// the heads are a multiple of the key heads, and neighbors share one. Without an axis for heads there is one.</para>
    /// <para>Memory: the scores are never stored; one number a query and head is kept for the backward pass, which computes them again.</para>
    /// <para>Source: Vaswani et al. 2017, arXiv:1706.03762; blocks after Dao et al. 2022, arXiv:2205.14135.</para>
    /// </remarks>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="options">What may be looked at, and the scale.</param>
    /// <returns>The output.</returns>
    /// <exception cref="ShapeException">Sizes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dropout is outside [0, 1), or has no stream.</exception>
    public Tensor ScaledDotProductAttention(Tensor key, Tensor value, AttentionOptions options = default) => AttentionOperation.Apply(this, key, value, options);
}
