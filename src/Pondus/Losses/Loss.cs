namespace Pondus.Losses;

/// <summary>How wrong a prediction is, as one number to be made small.</summary>
/// <remarks>To write your own, override <see cref="Forward"/> with tensor operations; its gradient follows from theirs.</remarks>
public abstract class Loss
{
    /// <summary>Computes the loss: the mean over the batch, unless the loss was told otherwise.</summary>
    /// <remarks>No samples: a mean is NaN, a sum is 0.</remarks>
    /// <param name="prediction">The network's output.</param>
    /// <param name="targets">What it should have been.</param>
    /// <returns>A single number.</returns>
    public abstract Tensor Forward(Tensor prediction, Targets targets);

    /// <inheritdoc/>
    public override string ToString() => GetType().Name;
}
