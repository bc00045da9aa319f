namespace Pondus.Layers;

/// <summary>Batch norm of images: each channel is brought to mean 0 and variance 1 over the batch and all its places, then scaled and shifted.</summary>
/// <remarks>
/// <para>Shape: (batch, C, height, width), unchanged. Formula, parameters and source: <see cref="BatchNorm"/>.</para>
/// <para>A <see cref="Relu"/> behind it in a <see cref="Sequential"/> is computed together with it; the numbers are the same.</para>
/// </remarks>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="momentum">Share of a new batch in the running statistics, in [0, 1]; null makes them the average of all batches.</param>
    /// <param name="affine">Whether there are a weight and a bias.</param>
    /// <param name="trackRunningStatistics">Whether running statistics are kept; without them evaluation takes those of its batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public BatchNorm2d(int channels, float epsilon = 1e-5f, float? momentum = 0.1f, bool affine = true, bool trackRunningStatistics = true)
        : base(channels, epsilon, momentum, affine, trackRunningStatistics)
    {
    }

    private protected override void Check(in Shape shape, bool withBatch) => NormSettings.CheckImages(this, shape, Channels, withBatch);
}
