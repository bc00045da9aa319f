namespace Pondus.Layers;

/// <summary>Sets a random share of the channels of each sample to zero while training: values of one channel are too alike for single ones to be missed.</summary>
/// <remarks>
/// <para>Formula: y = x mask / (1 - rate) while training; y = x otherwise. Shape: (batch, C, ...), unchanged.</para>
/// <para>Randomness: as that of <see cref="Dropout"/>: keyed by the pass's stream, the step's number and this layer's number.</para>
/// <para>Source: Tompson et al. 2014, arXiv:1411.4280.</para>
/// </remarks>
public sealed class Dropout2d : Layer
{
    private readonly ulong _key;

    /// <summary>Makes the layer.</summary>
    /// <param name="rate">Share of channels set to zero, in [0, 1).</param>
    /// <param name="random">Gives this layer a stream of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public Dropout2d(float rate, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (rate is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Dropout2d: expected a rate in [0, 1), got {rate}.");
        }

        Rate = rate;
        _key = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
    }

    /// <summary>Gets the share of channels set to zero.</summary>
    public float Rate { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes of <paramref name="x"/> do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank < 2)
        {
            throw new ShapeException($"{this}: expected input of shape (batch, channels, ...), got {x.Shape}.");
        }

        PassContext pass = PassContext.Current;
        return pass.IsTraining && Rate > 0f
            ? GroupDropoutOperation.Apply(x, Rate, _key ^ (pass.Random?.Key ?? 0), (ulong)pass.StepNumber << 32, channels: true)
            : x;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Dropout2d({Rate})";
}
