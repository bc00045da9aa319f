namespace Pondus;

/// <summary>The means and variances that a batch norm keeps from training for evaluation: buffers of its layer.</summary>
/// <param name="mean">Means, one a channel.</param>
/// <param name="variance">Variances, one a channel; those of a batch enter divided by its count less one.</param>
/// <param name="batches">Number of batches that have entered.</param>
/// <param name="momentum">Share of a new batch; null makes the plain average of all.</param>
internal sealed unsafe class RunningStatistics(Parameter mean, Parameter variance, Parameter batches, float? momentum)
{
    public Parameter Mean { get; } = mean;

    public Parameter Variance { get; } = variance;

    /// <summary>Takes in a batch; one that is not finite is left out, so that a failed step does no lasting harm. An empty one only counts, as in PyTorch.</summary>
    public void Add(double* mean, double* squares, long count)
    {
        int channels = Mean.Count;
        for (int c = 0; c < channels; c++)
        {
            if (!double.IsFinite(mean[c]) || !double.IsFinite(squares[c]))
            {
                return;
            }
        }

        Span<float> number = batches.Writable();
        number[0]++;
        batches.MarkChanged();
        if (count == 0)
        {
            return;
        }

        Span<float> means = Mean.Writable(), variances = Variance.Writable();
        double share = momentum is { } fixedShare && !PassContext.Current.AveragesStatistics ? fixedShare : 1.0 / number[0];
        for (int c = 0; c < channels; c++)
        {
            means[c] = (float)(((1 - share) * means[c]) + (share * mean[c]));
            variances[c] = (float)(((1 - share) * variances[c]) + (share * squares[c] / (count - 1)));
        }

        Mean.MarkChanged();
        Variance.MarkChanged();
    }
}
