namespace Pondus.Metrics;

/// <summary>A number that tells people how good predictions are, from sums over batches.</summary>
/// <remarks>To write your own, add to <see cref="Sums"/> and compute <see cref="Value"/> from them; a metric that needs every sample appends to them by <see cref="Append"/>.</remarks>
/// <param name="sumCount">How many sums it begins with, each 0; all sums are saved in checkpoints.</param>
public abstract class Metric(int sumCount)
{
    private readonly int _firstCount = sumCount;
    private double[] _sums = new double[sumCount];
    private int _count = sumCount;

    /// <summary>Gets the name in results and event files, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the value over all samples since <see cref="Reset"/>; NaN when there were none.</summary>
    public abstract double Value { get; }

    /// <summary>Gets the sums.</summary>
    public Span<double> Sums => _sums.AsSpan(0, _count);

    /// <summary>Gets how many sums a sample appends, 0 for a metric that appends none: a checkpoint with any other number is refused.</summary>
    protected virtual int AppendedCount => 0;

    /// <summary>Adds a batch.</summary>
    /// <param name="prediction">The network's output.</param>
    /// <param name="labels">The classes, or empty.</param>
    /// <param name="targets">The target values, or default.</param>
    public abstract void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets);

    /// <summary>Forgets all batches.</summary>
    public void Reset()
    {
        _count = _firstCount;
        Sums.Clear();
    }

    /// <summary>Says whether so many sums may be restored.</summary>
    internal bool Accepts(int count) => count == _firstCount || (AppendedCount > 0 && count > _firstCount && (count - _firstCount) % AppendedCount == 0);

    /// <summary>Puts back sums that were read from <see cref="Sums"/>.</summary>
    internal void Restore(ReadOnlySpan<double> sums)
    {
        _count = 0;
        sums.CopyTo(Append(sums.Length));
    }

    /// <summary>Gives predictions and target values, as many of both.</summary>
    /// <exception cref="ShapeException">The counts differ.</exception>
    private protected static ReadOnlySpan<float> Pair(Tensor prediction, Tensor targets, string who, out ReadOnlySpan<float> target)
    {
        target = targets.IsAlive ? targets.Values : [];
        ReadOnlySpan<float> values = prediction.Values;
        return values.Length == target.Length && targets.IsAlive
            ? values
            : throw new ShapeException($"{who}: expected prediction and target of one size, got {prediction.Shape} and {(targets.IsAlive ? targets.Shape.ToString() : "classes")}.");
    }

    /// <summary>Makes room behind the sums. Memory stays for the next epoch, so that a steady one allocates nothing.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The new ones, to be written; their values are undefined.</returns>
    protected Span<double> Append(int count)
    {
        if (_count + count > _sums.Length)
        {
            Array.Resize(ref _sums, Math.Max(_count + count, 2 * _sums.Length));
        }

        _count += count;
        return _sums.AsSpan(_count - count, count);
    }
}
