namespace Pondus.Layers;

/// <summary>Sets all values of a random share of the samples to zero while training: within a residual, those samples skip its layers.</summary>
/// <remarks>
/// <para>Formula: y = x mask / (1 - rate) while training; y = x otherwise. Shape: (batch, ...), unchanged.</para>
/// <para>Randomness: as that of <see cref="Dropout"/>: keyed by the pass's stream, the step's number and this layer's number.</para>
/// <para>Source: Huang et al. 2016, arXiv:1603.09382, in the inverted form.</para>
/// </remarks>
public sealed class StochasticDepth : Layer
{
    private readonly ulong _key;

    /// <summary>Makes the layer.</summary>
    /// <param name="rate">Share of samples set to zero, in [0, 1).</param>
    /// <param name="random">Gives this layer a stream of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public StochasticDepth(float rate, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (rate is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"StochasticDepth: expected a rate in [0, 1), got {rate}.");
        }

        Rate = rate;
        _key = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
    }

    /// <summary>Gets the share of samples set to zero.</summary>
    public float Rate { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes of <paramref name="x"/> do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < 1)
        {
            throw new ShapeException($"{this}: expected input of shape (batch, ...), got {x.Shape}.");
        }

        PassContext pass = PassContext.Current;
        return pass.IsTraining && Rate > 0f
            ? GroupDropoutOperation.Apply(x, Rate, _key ^ (pass.Random?.Key ?? 0), (ulong)pass.StepNumber << 32, channels: false)
            : x;
    }

    /// <inheritdoc/>
    public override string ToString() => $"StochasticDepth({Rate})";
}
