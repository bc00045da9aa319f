namespace Pondus.Losses;

/// <summary>Cross-entropy of class numbers against logits: L = -mean of log softmax(x) at the label.</summary>
/// <remarks>
/// <para>Formula: L = -Σ wᵧ [(1 - s) log pᵧ + (s / C) Σ (w_c / wᵧ) log p_c] / Σ wᵧ with smoothing s and class weights w, 1 by default; as PyTorch's.</para>
/// <para>Shape: logits (..., C), one label for each row; label -100 is left out. Unit: nats.</para>
/// <para>Source: smoothing after Szegedy et al. 2016, arXiv:1512.00567, section 7.</para>
/// </remarks>
public sealed class CrossEntropy : Loss
{
    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="smoothing">Share of each label that is spread over all classes, in [0, 1).</param>
    /// <param name="classWeights">A weight for each class, none negative; null weighs all alike.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public CrossEntropy(float smoothing = 0f, ReadOnlySpan<float> classWeights = default)
    {
        if (smoothing is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, $"CrossEntropy: expected smoothing in [0, 1), got {smoothing}.");
        }

        foreach (float weight in classWeights)
        {
            if (weight is not (>= 0f and <= float.MaxValue))
            {
                throw new ArgumentOutOfRangeException(nameof(classWeights), weight, $"CrossEntropy: expected finite class weights of at least 0, got {weight}.");
            }
        }

        Smoothing = smoothing;
        _classWeights = classWeights.Length == 0 ? null : classWeights.ToArray();
    }

    /// <summary>Gets the share of each label that is spread over all classes.</summary>
    public float Smoothing { get; }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => CrossEntropyOperation.Apply(prediction, targets.Labels, _classWeights, Smoothing, nameof(CrossEntropy));
}
