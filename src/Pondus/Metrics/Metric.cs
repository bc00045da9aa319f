namespace Pondus.Metrics;

/// <summary>A number that tells people how good predictions are, from sums over batches.</summary>
/// <param name="sumCount">How many sums it keeps; they are saved in checkpoints.</param>
public abstract class Metric(int sumCount)
{
    private readonly double[] _sums = new double[sumCount];

    /// <summary>Gets the name in results and event files, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the value over all samples since <see cref="Reset"/>; NaN when there were none.</summary>
    public abstract double Value { get; }

    /// <summary>Gets the sums.</summary>
    public Span<double> Sums => _sums;

    /// <summary>Adds a batch.</summary>
    /// <param name="prediction">The network's output.</param>
    /// <param name="labels">The classes, or empty.</param>
    /// <param name="targets">The target values, or default.</param>
    public abstract void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets);

    /// <summary>Forgets all batches.</summary>
    public void Reset() => Sums.Clear();
}
