namespace Pondus.Losses;

/// <summary>Cross-entropy of class numbers against logits: L = -mean of log softmax(x) at the label.</summary>
/// <remarks>
/// <para>Formula: L = -Σ wᵧ [(1 - s) log pᵧ + (s / C) Σ (w_c / wᵧ) log p_c] / Σ wᵧ with smoothing s and class weights w, 1 by default; as PyTorch's.</para>
/// <para>Shape: logits (..., C), one label for each row; label -100 is left out. Unit: nats.</para>
/// <para>Targets may also be probabilities (..., C), as mixed samples and teachers have them: L = -mean over rows of Σ w_c t_c log p_c, smoothed the same way.</para>
/// <para>Source: smoothing after Szegedy et al. 2016, arXiv:1512.00567, section 7.</para>
/// </remarks>
public sealed class CrossEntropy : Loss
{
    private const int IgnoredLabel = -100;

    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="smoothing">Share of each label that is spread over all classes, in [0, 1).</param>
    /// <param name="classWeights">A weight for each class, none negative; null weighs all alike.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public CrossEntropy(float smoothing = 0f, ReadOnlySpan<float> classWeights = default, LossReduction reduction = LossReduction.Mean)
    {
        if (smoothing is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, $"CrossEntropy: expected smoothing in [0, 1), got {smoothing}.");
        }

        Smoothing = smoothing;
        Reduction = reduction;
        _classWeights = LossReductions.ClassWeights(classWeights, nameof(CrossEntropy));
    }

    /// <summary>Gets the share of each label that is spread over all classes.</summary>
    public float Smoothing { get; }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        if (targets.HasLabels && Reduction == LossReduction.Mean)
        {
            return CrossEntropyOperation.Apply(prediction, targets.Labels, _classWeights, Smoothing, nameof(CrossEntropy));
        }

        return targets.HasLabels ? OfLabels(prediction, targets.Labels) : OfProbabilities(prediction, targets.Values);
    }

    private Tensor OfLabels(Tensor logits, ReadOnlySpan<int> labels)
    {
        Tensor logarithms = logits.LogSoftmax(), atLabel = LabelOperation.Pick(logarithms, labels, IgnoredLabel, nameof(CrossEntropy));
        LossReductions.CheckWeights(_classWeights, logits, nameof(CrossEntropy));
        Tensor losses = atLabel * LabelOperation.Weights(labels, _classWeights, IgnoredLabel, atLabel.Shape, out _) * -(1f - Smoothing);
        if (Smoothing > 0f)
        {
            Tensor all = (_classWeights is null ? logarithms : logarithms * LabelOperation.Row(_classWeights)).Sum(-1);
            losses -= all * LabelOperation.Weights(labels, null, IgnoredLabel, atLabel.Shape, out _) * (Smoothing / logits.Shape.Last);
        }

        return LossReductions.Reduce(losses, Reduction);
    }

    private Tensor OfProbabilities(Tensor logits, Tensor target)
    {
        LossReductions.OneShape(logits, target, nameof(CrossEntropy));
        Tensor logarithms = logits.LogSoftmax();
        LossReductions.CheckWeights(_classWeights, logits, nameof(CrossEntropy));
        Tensor smoothed = Smoothing > 0f ? (target * (1f - Smoothing)) + (Smoothing / logits.Shape.Last) : target;
        Tensor terms = smoothed * logarithms;
        return LossReductions.Reduce(-(_classWeights is null ? terms : terms * LabelOperation.Row(_classWeights)).Sum(-1), Reduction);
    }
}
