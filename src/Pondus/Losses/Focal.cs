namespace Pondus.Losses;

/// <summary>Cross-entropy that turns away from what is already right: L = -α (1 - p)^γ log p with the probability p of the true answer.</summary>
/// <remarks>
/// <para>Targets of 0 and 1 (shape of the prediction): p is the logistic function of the logit, α weighs the ones and 1 - α the zeros. As torchvision's <c>sigmoid_focal_loss</c>.</para>
/// <para>Targets of class numbers (logits (..., C), one label for each row, -100 left out): p is the softmax at the label, and the class weights take the place of α.</para>
/// <para>Mean over the values or rows. γ = 0 is plain cross-entropy. Unit: nats. Source: Lin et al. 2017, arXiv:1708.02002, equation 5.</para>
/// </remarks>
public sealed class Focal : Loss
{
    private const int IgnoredLabel = -100;

    // Where 1 - p rounds to 0, a power below 1 has no slope.
    private const float SmallestRest = 1e-8f;

    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="gamma">How strongly right answers are left alone, at least 0.</param>
    /// <param name="alpha">Weight of the ones among targets of 0 and 1, in [0, 1]; null weighs all alike. Class numbers do not use it.</param>
    /// <param name="classWeights">A weight for each class, for class numbers; empty weighs all alike.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Focal(float gamma = 2f, float? alpha = 0.25f, ReadOnlySpan<float> classWeights = default, LossReduction reduction = LossReduction.Mean)
    {
        if (alpha is not (null or (>= 0f and <= 1f)))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, $"Focal: expected alpha in [0, 1], got {alpha}.");
        }

        Gamma = LossReductions.NotNegative(gamma, nameof(gamma), nameof(Focal));
        Alpha = alpha;
        _classWeights = LossReductions.ClassWeights(classWeights, nameof(Focal));
        Reduction = reduction;
    }

    /// <summary>Gets how strongly right answers are left alone.</summary>
    public float Gamma { get; }

    /// <summary>Gets the weight of the ones, or null.</summary>
    public float? Alpha { get; }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets) => targets.HasLabels ? OfLabels(prediction, targets.Labels) : OfValues(prediction, targets.Values);

    private Tensor OfLabels(Tensor logits, ReadOnlySpan<int> labels)
    {
        LossReductions.CheckWeights(_classWeights, logits, nameof(Focal));
        Tensor logarithm = LabelOperation.Pick(logits.LogSoftmax(), labels, IgnoredLabel, nameof(Focal));
        Tensor losses = -(logarithm * LabelOperation.Weights(labels, _classWeights, IgnoredLabel, logarithm.Shape, out _));
        if (Gamma > 0f)
        {
            losses *= (1f - logarithm.Exponential()).Maximum(LossReductions.Number(SmallestRest)).Power(Gamma);
        }

        return LossReductions.Reduce(losses, labels.Length - labels.Count(IgnoredLabel), Reduction);
    }

    private Tensor OfValues(Tensor logits, Tensor target)
    {
        LossReductions.OneShape(logits, target, nameof(Focal));

        // With z the logit of the true answer: -log p = softplus(-z), and 1 - p = e^-softplus(z) without cancellation.
        Tensor z = logits * ((target * 2f) - 1f), losses = (-z).Softplus();
        if (Gamma > 0f)
        {
            losses *= (z.Softplus() * -Gamma).Exponential();
        }

        if (Alpha is { } alpha)
        {
            losses *= (target * ((2f * alpha) - 1f)) + (1f - alpha);
        }

        return LossReductions.Reduce(losses, Reduction);
    }
}
