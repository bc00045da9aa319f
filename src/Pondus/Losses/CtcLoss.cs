namespace Pondus.Losses;

/// <summary>Connectionist temporal classification: the negative logarithm of the probability of labels whose places in the sequence are not known.</summary>
/// <remarks>
/// <para>Formula: L = -log Σ over all alignments of Π p(step, class), where an alignment becomes the labels when repeated classes are joined and blanks dropped.</para>
/// <para>Shape: logarithms of probabilities (batch, time, classes), or (time, batch, classes) without batchFirst; take them from <see cref="Tensor.LogSoftmax"/>. Unit: nats. The mean divides each loss by its number of labels first, as PyTorch's.</para>
/// <para>Gradient: p - (share of p among the alignments), as PyTorch gives it: right for logarithms whose exponentials sum to 1.</para>
/// <para>Memory: (2 labels + 1) doubles for each step of a sample. Differs from PyTorch: the batch is the first axis unless told otherwise.</para>
/// <para>Source: Graves et al. 2006, "Connectionist temporal classification", ICML.</para>
/// </remarks>
public sealed class CtcLoss : Loss
{
    private const int Padding = -100;

    /// <summary>Makes the loss.</summary>
    /// <param name="blank">The class that stands for no label.</param>
    /// <param name="reduction">How single losses become one number; <see cref="LossReduction.BatchMean"/> is not among them.</param>
    /// <param name="zeroInfinity">Whether samples with too few steps for their labels count as 0; otherwise their loss is infinite.</param>
    /// <param name="batchFirst">Whether the batch is the first axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public CtcLoss(int blank = 0, LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false, bool batchFirst = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blank);
        if (reduction == LossReduction.BatchMean)
        {
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "CtcLoss: expected Mean, Sum or None, got BatchMean.");
        }

        Blank = blank;
        Reduction = reduction;
        ZeroInfinity = zeroInfinity;
        BatchFirst = batchFirst;
    }

    /// <summary>Gets the class that stands for no label.</summary>
    public int Blank { get; }

    /// <summary>Gets how single losses become one number.</summary>
    public LossReduction Reduction { get; }

    /// <summary>Gets a value indicating whether samples with too few steps for their labels count as 0.</summary>
    public bool ZeroInfinity { get; }

    /// <summary>Gets a value indicating whether the batch is the first axis.</summary>
    public bool BatchFirst { get; }

    /// <summary>Computes the loss of whole sequences: rows of labels, each as long as the longest, shorter ones filled with -100.</summary>
    /// <param name="prediction">Logarithms of probabilities.</param>
    /// <param name="targets">The labels, one row after the other.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ShapeException">A size or label does not fit.</exception>
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        ReadOnlySpan<int> labels = targets.Labels;
        int batch = BatchOf(prediction.Shape);
        int width = batch == 0 ? 0 : labels.Length / batch;
        if (width * batch != labels.Length)
        {
            throw new ShapeException($"{this}: expected rows of labels for {batch} samples, got {labels.Length} labels.");
        }

        Span<int> counts = batch <= 1024 ? stackalloc int[batch] : new int[batch];
        for (int i = 0; i < batch; i++)
        {
            int end = labels.Slice(i * width, width).IndexOf(Padding);
            counts[i] = end < 0 ? width : end;
        }

        return Compute(prediction, labels, width, [], counts);
    }

    /// <summary>Computes the loss of sequences of different lengths.</summary>
    /// <param name="prediction">Logarithms of probabilities; what lies beyond a sequence's end does not matter.</param>
    /// <param name="labels">The labels, one sample's behind the other's, or in rows of one length.</param>
    /// <param name="steps">Steps of each sample; empty for all.</param>
    /// <param name="labelCounts">Labels of each sample.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ShapeException">A size or label does not fit.</exception>
    public Tensor Forward(Tensor prediction, ReadOnlySpan<int> labels, ReadOnlySpan<int> steps, ReadOnlySpan<int> labelCounts)
    {
        int batch = BatchOf(prediction.Shape);
        if (labelCounts.Length != batch || (!steps.IsEmpty && steps.Length != batch))
        {
            throw new ShapeException($"{this}: expected lengths for {batch} samples, got {steps.Length} of sequences and {labelCounts.Length} of labels.");
        }

        long sum = 0;
        int most = 0;
        foreach (int count in labelCounts)
        {
            sum += count < 0 ? throw new ShapeException($"{this}: expected numbers of labels of at least 0, got {count}.") : count;
            most = Math.Max(most, count);
        }

        bool isJoined = sum == labels.Length;
        if (!isJoined && (batch == 0 || labels.Length % batch != 0 || labels.Length / batch < most))
        {
            throw new ShapeException($"{this}: expected {sum} labels, or rows of at least {most} for {batch} samples, got {labels.Length}.");
        }

        return Compute(prediction, labels, isJoined ? 0 : labels.Length / batch, steps, labelCounts);
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(CtcLoss);

    private int BatchOf(in Shape shape) => shape.Rank == 3 && shape[2] > Blank
        ? shape[BatchFirst ? 0 : 1]
        : throw new ShapeException($"{this}: expected logarithms of probabilities {(BatchFirst ? "(batch, time" : "(time, batch")}, classes) with more than {Blank} classes, got {shape}.");

    private Tensor Compute(Tensor prediction, ReadOnlySpan<int> labels, int width, ReadOnlySpan<int> steps, ReadOnlySpan<int> counts)
    {
        Shape shape = prediction.Shape;
        int most = shape[BatchFirst ? 1 : 0];
        for (int i = 0, start = 0; i < counts.Length; i++)
        {
            if (!steps.IsEmpty && (uint)steps[i] > (uint)most)
            {
                throw new ShapeException($"{this}: expected sequences of at most {most} steps, got {steps[i]} at sample {i}.");
            }

            foreach (int label in labels.Slice(start, counts[i]))
            {
                if ((uint)label >= (uint)shape[2] || label == Blank)
                {
                    throw new ShapeException($"{this}: expected labels in [0, {shape[2]}) other than the blank {Blank}, got {label} at sample {i}.");
                }
            }

            start += width > 0 ? width : counts[i];
        }

        return CtcOperation.Apply(prediction, BatchFirst, labels, width, steps, counts, Blank, ZeroInfinity, Reduction switch
        {
            LossReduction.None => CtcOperation.Reduction.None,
            LossReduction.Sum => CtcOperation.Reduction.Sum,
            _ => CtcOperation.Reduction.Mean,
        });
    }
}
