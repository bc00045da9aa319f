namespace Pondus.Data;

/// <summary>Some samples of a data set, as the network takes them. It lives until the loader is asked for the next.</summary>
public sealed unsafe class Batch
{
    private readonly int[] _labels;
    private readonly int[] _indices;
    private readonly Node _inputs;
    private readonly Node? _targets;
    private readonly Shape _inputShape;
    private readonly Shape _targetShape;
    private readonly int _labelWidth;

    /// <summary>Makes room for samples of a data set; with <paramref name="mixes"/> classes come as probabilities too.</summary>
    internal Batch(Dataset data, int size, bool mixes = false)
    {
        _inputShape = data.InputShape;
        _targetShape = data.Targets is null ? [data.ClassCount] : data.TargetShape;
        _inputs = Node.Owned(WithBatch(size, _inputShape));
        _targets = data.Targets is null && !mixes ? null : Node.Owned(WithBatch(size, _targetShape));
        _labelWidth = data.LabelShape.Count;
        _labels = data.Labels is null ? [] : new int[size * _labelWidth];
        _indices = new int[size];
        Count = size;
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the inputs, (batch, ...).</summary>
    public Tensor Inputs => new(_inputs);

    /// <summary>Gets a value indicating whether the samples have classes; mixed ones have target values beside them.</summary>
    public bool HasLabels => _labels.Length > 0;

    /// <summary>Gets a value indicating whether the samples have target values: numbers, or the probabilities of mixed classes.</summary>
    public bool HasTargets => _targets is not null;

    /// <summary>Gets the class of each sample (of mixed ones that with the larger share), or its classes one after the other; empty for regression.</summary>
    public ReadOnlyMemory<int> Labels => _labels.AsMemory(0, HasLabels ? Count * _labelWidth : 0);

    /// <summary>Gets the target values, (batch, ...), of mixed classes their probabilities, (batch, classes).</summary>
    /// <exception cref="InvalidOperationException">The samples have classes.</exception>
    public Tensor Targets => _targets is not null
        ? new(_targets)
        : throw new InvalidOperationException("Batch: expected target values, got classes. Use Labels.");

    /// <summary>Gets the index of each sample in the data set.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, Count);

    internal float* InputData => _inputs.Data;

    internal float* TargetData => _targets is null ? null : _targets.Data;

    internal Span<int> WritableLabels => _labels.AsSpan(0, HasLabels ? Count * _labelWidth : 0);

    internal Span<int> WritableIndices => _indices.AsSpan(0, Count);

    /// <summary>Makes handles of the content before stale and sets the number of samples to come.</summary>
    internal void Renew(int count)
    {
        _inputs.Generation++;
        _inputs.Version++;
        if (_targets is not null)
        {
            _targets.Generation++;
            _targets.Version++;
        }

        if (count != Count)
        {
            Count = count;
            _inputs.Shape = WithBatch(count, _inputShape);
            if (_targets is not null)
            {
                _targets.Shape = WithBatch(count, _targetShape);
            }
        }
    }

    private static Shape WithBatch(int count, in Shape sample)
    {
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        sizes[0] = count;
        sample.AsSpan().CopyTo(sizes[1..]);
        return new Shape(sizes[..(sample.Rank + 1)]);
    }
}
