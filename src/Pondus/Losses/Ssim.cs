namespace Pondus.Losses;

/// <summary>Structural similarity of pictures as a loss: L = 1 - S.</summary>
/// <remarks>
/// <para>Formula: S = (2 μx μy + C1)(2 σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)) with C = (K R)², moments under a Gaussian window; mean over the places where the window lies within the picture, channels and pictures.</para>
/// <para>Shape: pictures (..., H, W) twice, sides of at least the window. Range: 1 for equal pictures, at least -1.</para>
/// <para>Computed in double. As pytorch-msssim, and as scikit-image with <c>gaussian_weights</c> and <c>use_sample_covariance=False</c>. Differs from torchmetrics, which mirrors the edges.</para>
/// <para>Source: Wang, Bovik, Sheikh and Simoncelli 2004, equation 13.</para>
/// </remarks>
public sealed class Ssim : Loss
{
    private readonly Similarity _similarity;

    /// <summary>Makes the loss.</summary>
    /// <param name="dataRange">Distance of the largest from the smallest possible value: 1, or 255.</param>
    /// <param name="windowSize">Side of the window, odd, in [3, 63].</param>
    /// <param name="sigma">Standard deviation of the window in pixels.</param>
    /// <param name="k1">Keeps luminance finite.</param>
    /// <param name="k2">Keeps contrast and structure finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Ssim(float dataRange = 1f, int windowSize = 11, float sigma = 1.5f, float k1 = 0.01f, float k2 = 0.03f) => _similarity = new Similarity(dataRange, windowSize, sigma, k1, k2, nameof(Ssim));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => 1f - _similarity.OfPlanes(prediction, targets.Values).Mean();
}
