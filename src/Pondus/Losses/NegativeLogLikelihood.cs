namespace Pondus.Losses;

/// <summary>Negative logarithm of the probability at the label: L = -Σ w_y x_y / Σ w_y, x being logarithms of probabilities.</summary>
/// <remarks>
/// <para>Shape: prediction (..., C), one label for each row; the ignored label is left out. Unit: nats. As PyTorch's <c>NLLLoss</c>.</para>
/// <para>Take the logarithms from <see cref="Tensor.LogSoftmax"/>; both in one are <see cref="CrossEntropy"/>, which is faster.</para>
/// </remarks>
public sealed class NegativeLogLikelihood : Loss
{
    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="classWeights">A weight for each class, none negative; empty weighs all alike.</param>
    /// <param name="ignoredLabel">The label that is left out.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public NegativeLogLikelihood(ReadOnlySpan<float> classWeights = default, int ignoredLabel = -100, LossReduction reduction = LossReduction.Mean)
    {
        _classWeights = LossReductions.ClassWeights(classWeights, nameof(NegativeLogLikelihood));
        IgnoredLabel = ignoredLabel;
        Reduction = reduction;
    }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Gets the label that is left out.</summary>
    public int IgnoredLabel { get; }

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        LossReductions.CheckWeights(_classWeights, prediction, nameof(NegativeLogLikelihood));
        Tensor atLabel = LabelOperation.Pick(prediction, targets.Labels, IgnoredLabel, nameof(NegativeLogLikelihood));
        Tensor weights = LabelOperation.Weights(targets.Labels, _classWeights, IgnoredLabel, atLabel.Shape, out double sum);
        return LossReductions.Reduce(-(atLabel * weights), sum, Reduction);
    }
}
