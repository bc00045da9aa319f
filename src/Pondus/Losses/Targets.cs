namespace Pondus.Losses;

/// <summary>What a prediction is compared with: class numbers or values. Converts from both.</summary>
public readonly struct Targets
{
    private readonly ReadOnlyMemory<int> _labels;
    private readonly Tensor _values;

    /// <summary>Makes targets of class numbers.</summary>
    /// <param name="labels">One class for each row, in [0, classes); -100 is left out.</param>
    public Targets(ReadOnlyMemory<int> labels)
    {
        _labels = labels;
        HasLabels = true;
    }

    /// <summary>Makes targets of values.</summary>
    /// <param name="values">The values, in the shape of the prediction.</param>
    public Targets(Tensor values) => _values = values;

    /// <summary>Gets a value indicating whether these are class numbers.</summary>
    public bool HasLabels { get; }

    /// <summary>Gets the class numbers.</summary>
    /// <exception cref="InvalidOperationException">These are values.</exception>
    public ReadOnlySpan<int> Labels => HasLabels
        ? _labels.Span
        : throw new InvalidOperationException("Targets: expected class numbers, got values. Use a regression loss such as MeanSquaredError, or load the target column as classes.");

    /// <summary>Gets the values.</summary>
    /// <exception cref="InvalidOperationException">These are class numbers.</exception>
    public Tensor Values => HasLabels
        ? throw new InvalidOperationException("Targets: expected values, got class numbers. Use CrossEntropy, or load the target column as numbers.")
        : _values;

    /// <summary>Makes targets of class numbers.</summary>
    /// <param name="labels">One class for each row.</param>
    public static implicit operator Targets(int[] labels) => new(labels.AsMemory());

    /// <summary>Makes targets of class numbers, such as those of a batch.</summary>
    /// <param name="labels">One class for each row.</param>
    public static implicit operator Targets(ReadOnlyMemory<int> labels) => new(labels);

    /// <summary>Makes targets of values.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator Targets(Tensor values) => new(values);
}
