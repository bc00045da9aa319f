namespace Pondus.Losses;

/// <summary>Asks the true answer to win by a margin: L = max(0, m - t x)^p for targets of -1 and 1, the sum of max(0, m - x_y + x_j)^p over the other classes for class numbers.</summary>
/// <remarks>
/// <para>Targets of -1 and 1 have the shape of the prediction. With class numbers the prediction is (..., C), and a row's sum is divided by C and weighed by its class, as PyTorch's <c>MultiMarginLoss</c>.</para>
/// <para>Mean over the values or rows. Source: Crammer and Singer 2001, in the form of Weston and Watkins 1999.</para>
/// </remarks>
public sealed class Hinge : Loss
{
    // No label is ignored; none is this one.
    private const int NoLabel = int.MinValue;

    private readonly float[]? _classWeights;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">Distance by which the true answer must win.</param>
    /// <param name="power">1, or 2 for squares.</param>
    /// <param name="classWeights">A weight for each class; empty weighs all alike.</param>
    /// <param name="reduction">How single losses become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Hinge(float margin = 1f, int power = 1, ReadOnlySpan<float> classWeights = default, LossReduction reduction = LossReduction.Mean)
    {
        if (power is not (1 or 2))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, $"Hinge: expected a power of 1 or 2, got {power}.");
        }

        Margin = LossReductions.Finite(margin, nameof(margin), nameof(Hinge));
        Power = power;
        _classWeights = LossReductions.ClassWeights(classWeights, nameof(Hinge));
        Reduction = reduction;
    }

    /// <summary>Gets the distance by which the true answer must win.</summary>
    public float Margin { get; }

    /// <summary>Gets the power, 1 or 2.</summary>
    public int Power { get; }

    /// <summary>Gets the class weights, empty when all weigh alike.</summary>
    public ReadOnlySpan<float> ClassWeights => _classWeights;

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        if (targets.HasLabels)
        {
            return OfLabels(prediction, targets.Labels);
        }

        LossReductions.OneShape(prediction, targets.Values, nameof(Hinge));
        return LossReductions.Reduce(Lost(Margin - (prediction * targets.Values)), Reduction);
    }

    private Tensor OfLabels(Tensor scores, ReadOnlySpan<int> labels)
    {
        LossReductions.CheckWeights(_classWeights, scores, nameof(Hinge));
        Tensor atLabel = LabelOperation.Pick(scores, labels, NoLabel, nameof(Hinge));
        Shape rows = atLabel.Shape;
        int classes = scores.Shape.Last;

        // The label itself lost by the margin to itself: that constant is taken off again.
        Tensor all = Lost((scores - atLabel.Reshape(scores.Shape.With(scores.Rank - 1, 1))) + Margin).Sum(-1);
        float own = Margin <= 0f ? 0f : Power == 1 ? Margin : Margin * Margin;
        Tensor losses = (all - own) * (1f / classes);
        return LossReductions.Reduce(_classWeights is null ? losses : losses * LabelOperation.Weights(labels, _classWeights, NoLabel, rows, out _), Reduction);
    }

    private Tensor Lost(Tensor x) => Power == 1 ? x.Relu() : x.Relu().Square();
}
