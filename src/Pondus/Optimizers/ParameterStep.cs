namespace Pondus.Optimizers;

/// <summary>One stretch of neighboring parameters that an optimizer moves by one step.</summary>
/// <remarks>The stretch is flat: updates that treat every number alike need not know where one parameter ends.</remarks>
public readonly ref struct ParameterStep
{
    private readonly OptimizerSegment _segment;
    private readonly int _start;
    private readonly int _count;

    internal ParameterStep(OptimizerSegment segment, int start, int count, float learningRate, long number)
    {
        _segment = segment;
        _start = start;
        _count = count;
        LearningRate = learningRate;
        Number = number;
    }

    /// <summary>Gets the learning rate of this step.</summary>
    public float LearningRate { get; }

    /// <summary>Gets the number of this step, from 1.</summary>
    public long Number { get; }

    /// <summary>Gets the numbers to move.</summary>
    public Span<float> Weight => _segment.Weight(_start, _count);

    /// <summary>Gets their gradient.</summary>
    public Span<float> Gradient => _segment.Gradient(_start, _count);

    /// <summary>Gets a slot of state: zeros at first, then what the last step left there.</summary>
    /// <param name="index">Index among the slots that the optimizer named.</param>
    /// <returns>As many numbers as <see cref="Weight"/>.</returns>
    public Span<float> Slot(int index) => _segment.Slot(index, _start, _count);
}
