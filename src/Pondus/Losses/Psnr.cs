namespace Pondus.Losses;

/// <summary>Peak signal-to-noise ratio of pictures as a loss: L = -mean of 10 log10(R² / mean squared error).</summary>
/// <remarks>
/// <para>Shape: pictures (N, C, H, W) twice, one ratio each; any other shape is one picture. Unit: decibels.</para>
/// <para>An error below 1e-10 R² counts as that, 100 dB, and has no gradient: equal pictures have a finite loss.</para>
/// </remarks>
/// <param name="dataRange">Distance of the largest from the smallest possible value: 1, or 255.</param>
public sealed class Psnr(float dataRange = 1f) : Loss
{
    private const float SmallestError = 1e-10f;

    /// <summary>Gets the distance of the largest from the smallest possible value.</summary>
    public float DataRange { get; } = LossReductions.Positive(dataRange, nameof(dataRange), nameof(Psnr));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => -Similarity.PeakRatio(prediction, targets.Values, DataRange, SmallestError, nameof(Psnr)).Mean();
}
