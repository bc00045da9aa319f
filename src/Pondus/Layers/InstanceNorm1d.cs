namespace Pondus.Layers;

/// <summary>Instance norm of sequences: each channel of each sample is brought to mean 0 and variance 1 over its places.</summary>
/// <remarks>Shape: (batch, C, length), unchanged. Formula, parameters and source: <see cref="InstanceNorm"/>.</remarks>
public sealed class InstanceNorm1d : InstanceNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="affine">Whether there are a weight and a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public InstanceNorm1d(int channels, float epsilon = 1e-5f, bool affine = false)
        : base(channels, epsilon, affine)
    {
    }

    private protected override int Rank => 3;

    private protected override void Check(in Shape shape, bool withBatch) => NormSettings.CheckSequences(this, shape, Channels, withBatch, orVectors: false);
}
