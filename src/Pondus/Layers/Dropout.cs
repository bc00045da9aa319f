namespace Pondus.Layers;

/// <summary>Sets a random share of the values to zero while training, so that no unit can rely on another alone.</summary>
/// <remarks>
/// <para>Formula: y = x mask / (1 - rate) while training; y = x otherwise. Shape: any, unchanged.</para>
/// <para>Randomness: the mask is keyed by the pass's stream, the step's number and this layer's number, so a resumed run draws the same masks. A layer used twice in one step masks the same places.</para>
/// <para>Source: Srivastava et al., JMLR 15, 2014.</para>
/// </remarks>
public sealed class Dropout : Layer
{
    private readonly ulong _key;

    /// <summary>Makes the layer.</summary>
    /// <param name="rate">Share of values set to zero, in [0, 1).</param>
    /// <param name="random">Gives this layer a stream of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public Dropout(float rate, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (rate is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Dropout: expected a rate in [0, 1), got {rate}.");
        }

        Rate = rate;
        _key = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
    }

    /// <summary>Gets the share of values set to zero.</summary>
    public float Rate { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        PassContext pass = PassContext.Current;
        // The step's number takes the upper half of the counter: masks of different steps never overlap.
        return pass.IsTraining && Rate > 0f
            ? DropoutOperation.Apply(x, Rate, _key ^ (pass.Random?.Key ?? 0), (ulong)pass.StepNumber << 32)
            : x;
    }

    /// <summary>A linear map onto what came in, with dropout in between while training if there is a layer for it.</summary>
    internal static Tensor ApplyOnto(LinearWeights weights, Tensor x, Tensor addend, Dropout? dropout) => dropout is not null && PassContext.Current.IsTraining
        ? addend + dropout.Forward(weights.Apply(x))
        : weights.Apply(x, addend);

    /// <inheritdoc/>
    public override string ToString() => $"Dropout({Rate})";
}
