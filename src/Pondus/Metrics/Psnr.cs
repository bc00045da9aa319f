namespace Pondus.Metrics;

/// <summary>Peak signal-to-noise ratio of pictures: 10 log10(R² / mean squared error), mean over the pictures.</summary>
/// <remarks>Shape: pictures (N, C, H, W) twice, one ratio each; any other shape is one picture. Unit: decibels; infinite where a picture is equal to its target.</remarks>
public sealed class Psnr : Metric
{
    private readonly double _squaredRange;

    /// <summary>Makes the metric.</summary>
    /// <param name="dataRange">Distance of the largest from the smallest possible value: 1, or 255.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dataRange"/> is not above 0.</exception>
    public Psnr(float dataRange = 1f)
        : base(sumCount: 2)
    {
        if (dataRange is not (> 0f and <= float.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(dataRange), dataRange, $"Psnr: expected dataRange above 0, got {dataRange}.");
        }

        _squaredRange = (double)dataRange * dataRange;
    }

    /// <inheritdoc/>
    public override string Name => "psnr";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        Shape shape = prediction.Shape;
        if (shape != targets.Shape)
        {
            throw new ShapeException($"Psnr: expected pictures of one shape, got {shape} and {targets.Shape}.");
        }

        ReadOnlySpan<float> p = prediction.Values, t = targets.Values;
        int pictures = shape.Rank == 4 ? shape[0] : 1, size = pictures == 0 ? 0 : p.Length / pictures;
        for (int picture = 0; picture < pictures; picture++)
        {
            double squares = 0;
            for (int i = picture * size; i < (picture + 1) * size; i++)
            {
                double difference = (double)p[i] - t[i];
                squares += difference * difference;
            }

            Sums[0] += 10 * Math.Log10(_squaredRange / (squares / size));
        }

        Sums[1] += pictures;
    }
}
