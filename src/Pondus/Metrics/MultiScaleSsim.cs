namespace Pondus.Metrics;

/// <summary>Structural similarity of pictures at five scales: how alike two pictures look, beyond single pixels.</summary>
/// <remarks>
/// <para>Formula: the product over five scales of cs^w, and of S^w at the coarsest, with the paper's weights 0.0448, 0.2856, 0.3001, 0.2363, 0.1333; cs is <see cref="Ssim"/> without luminance. Negative means count as 0. Mean over channels and pictures.</para>
/// <para>Shape: pictures (..., H, W) twice, sides of at least 16 windows, 176 for a window of 11. Scales are means of 2 x 2 pixels; an odd last row or column is dropped, as torchmetrics does. Differs from pytorch-msssim there, which pads a zero on both sides.</para>
/// <para>Source: Wang, Simoncelli and Bovik 2003, Asilomar, equation 7.</para>
/// </remarks>
public sealed class MultiScaleSsim : Metric
{
    private readonly Similarity _similarity;

    /// <summary>Makes the metric.</summary>
    /// <param name="dataRange">Distance of the largest from the smallest possible value: 1, or 255.</param>
    /// <param name="windowSize">Side of the window, odd, in [3, 63].</param>
    /// <param name="sigma">Standard deviation of the window in pixels.</param>
    /// <param name="k1">Keeps luminance finite.</param>
    /// <param name="k2">Keeps contrast and structure finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public MultiScaleSsim(float dataRange = 1f, int windowSize = 11, float sigma = 1.5f, float k1 = 0.01f, float k2 = 0.03f)
        : base(sumCount: 2) => _similarity = new Similarity(dataRange, windowSize, sigma, k1, k2, nameof(MultiScaleSsim));

    /// <inheritdoc/>
    public override string Name => "multiScaleSsim";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        ReadOnlySpan<float> planes = _similarity.OfPlanesAtScales(prediction.StopGradient(), targets).Values;
        foreach (float similarity in planes)
        {
            Sums[0] += similarity;
        }

        Sums[1] += planes.Length;
    }
}
