using Pondus.Kernels;

namespace Pondus;

/// <summary>Two linear maps with a function between them.</summary>
internal sealed class FeedForwardWeights(LinearWeights first, LinearWeights second, UnaryKind function)
{
    /// <summary>Gets the first map.</summary>
    public LinearWeights First => first;

    /// <summary>Gets the second map.</summary>
    public LinearWeights Second => second;

    /// <summary>Gets the function.</summary>
    public UnaryKind Function => function;

    /// <summary>Two maps with a GELU between them, by its tanh form or exact.</summary>
    public static FeedForwardWeights Gelu(LinearWeights first, LinearWeights second, bool tanh) => new(first, second, tanh ? UnaryKind.GeluTanh : UnaryKind.Gelu);

    /// <summary>The maps, onto an addend; the caller has checked the last axis.</summary>
    public Tensor Apply(Tensor x, Tensor addend) => first.Adapter is null && second.Adapter is null && FeedForwardOperation.Applies(x, this)
        ? FeedForwardOperation.Apply(x, this, addend)
        : second.Apply(first.Apply(x, function), addend);

    /// <summary>The maps alone.</summary>
    public Tensor Apply(Tensor x) => second.Apply(first.Apply(x, function));
}
