namespace Pondus.Losses;

/// <summary>Structural similarity of pictures at five scales as a loss: L = 1 - S.</summary>
/// <remarks>
/// <para>Formula: the product over five scales of cs^w, and of S^w at the coarsest, with the paper's weights 0.0448, 0.2856, 0.3001, 0.2363, 0.1333; cs is <see cref="Ssim"/> without luminance. Negative means count as 0. Mean over channels and pictures.</para>
/// <para>Shape: pictures (..., H, W) twice, sides of at least 16 windows, 176 for a window of 11. Scales are means of 2 x 2 pixels; an odd last row or column is dropped, as torchmetrics does. Differs from pytorch-msssim there, which pads a zero on both sides.</para>
/// <para>Source: Wang, Simoncelli and Bovik 2003, Asilomar, equation 7.</para>
/// </remarks>
public sealed class MultiScaleSsim : Loss
{
    private readonly Similarity _similarity;

    /// <summary>Makes the loss.</summary>
    /// <param name="dataRange">Distance of the largest from the smallest possible value: 1, or 255.</param>
    /// <param name="windowSize">Side of the window, odd, in [3, 63].</param>
    /// <param name="sigma">Standard deviation of the window in pixels.</param>
    /// <param name="k1">Keeps luminance finite.</param>
    /// <param name="k2">Keeps contrast and structure finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public MultiScaleSsim(float dataRange = 1f, int windowSize = 11, float sigma = 1.5f, float k1 = 0.01f, float k2 = 0.03f) => _similarity = new Similarity(dataRange, windowSize, sigma, k1, k2, nameof(MultiScaleSsim));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => 1f - _similarity.OfPlanesAtScales(prediction, targets.Values).Mean();
}
