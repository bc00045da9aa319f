namespace Pondus.Losses;

/// <summary>Asks each true class of a row to win against each other class by 1: L = Σ max(0, 1 - (x_j - x_i)) / C over true j and other i.</summary>
/// <remarks>
/// <para>Shape: scores and targets of 0 and 1, (..., C); one loss a row. Memory: C² values a row.</para>
/// <para>As PyTorch's <c>MultiLabelMarginLoss</c>. Differs: takes targets of 0 and 1 instead of lists of class numbers that end in -1.</para>
/// </remarks>
/// <param name="reduction">How the rows' losses become one number.</param>
public sealed class MultiLabelMargin(LossReduction reduction = LossReduction.Mean) : Loss
{
    /// <summary>Gets how the rows' losses become one number.</summary>
    public LossReduction Reduction { get; } = reduction;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor target = targets.Values;
        LossReductions.OneShape(prediction, target, nameof(MultiLabelMargin));
        if (prediction.Rank < 1 || prediction.Shape.Last == 0)
        {
            throw new ShapeException($"MultiLabelMargin: expected scores of shape (..., classes), got {prediction.Shape}.");
        }

        int classes = prediction.Shape.Last, rows = prediction.Shape.Product(0, prediction.Rank - 1);
        Shape across = [rows, classes, 1], along = [rows, 1, classes];
        Tensor lost = (1f - (prediction.Reshape(across) - prediction.Reshape(along))).Relu();
        Tensor pairs = lost * (target.Reshape(across) * (1f - target.Reshape(along)));
        Tensor losses = pairs.Reshape([rows, classes * classes]).Sum(-1) * (1f / classes);
        return LossReductions.Reduce(losses.Reshape(prediction.Shape.Without(prediction.Rank - 1)), Reduction);
    }
}
