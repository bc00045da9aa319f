using Pondus.Initializers;

namespace Pondus.Layers;

/// <summary>Adds to each token's vector a learned one for its place: y = x + weight[place].</summary>
/// <remarks>
/// <para>Shape: x (batch, tokens, width) with at most <c>count</c> tokens, unchanged. Parameter: <c>weight</c> (count, width).</para>
/// <para>Start: normal with deviation 0.02. Source: Gehring et al. 2017, arXiv:1705.03122.</para>
/// </remarks>
public sealed class LearnedPositions : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="count">Most tokens, at least 1.</param>
    /// <param name="width">Size of a vector, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public LearnedPositions(int count, int width, RandomSource random, Initializer? weightInitializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Weight = AddParameter("weight", [count, width], weightInitializer ?? new Normal(0f, 0.02f), random);
    }

    /// <summary>Gets the vectors, (count, width).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width), or has too many tokens.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        if (shape.Rank != 3 || shape.Last != Weight.Shape[1] || shape[1] > Weight.Shape[0])
        {
            throw new ShapeException($"{this}: expected input of shape (batch, at most {Weight.Shape[0]}, {Weight.Shape[1]}), got {shape}.");
        }

        return x + Weight.ToTensor().Slice(0, 0, shape[1]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"LearnedPositions({Weight.Shape[0]} x {Weight.Shape[1]})";
}
