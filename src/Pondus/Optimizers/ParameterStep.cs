namespace Pondus.Optimizers;

/// <summary>One stretch of neighboring parameters that an optimizer moves by one step.</summary>
/// <remarks>The stretch is flat: updates that treat every number alike need not know where one parameter ends.</remarks>
public readonly ref struct ParameterStep
{
    private readonly Optimizer _optimizer;
    private readonly OptimizerSegment _segment;
    private readonly int _start;
    private readonly int _count;

    internal ParameterStep(Optimizer optimizer, OptimizerSegment segment, int start, int count, long number)
    {
        _optimizer = optimizer;
        _segment = segment;
        _start = start;
        _count = count;
        LearningRate = optimizer.LearningRate * (segment.Group.LearningRateFactor ?? 1f);
        Number = number;
    }

    /// <summary>Gets the learning rate of this step, the group's factor included.</summary>
    public float LearningRate { get; }

    /// <summary>Gets the number of this step, from 1; steps in which the parameters had no gradient do not count.</summary>
    public long Number { get; }

    /// <summary>Gets what the gradient is multiplied by: 1, or -1 to maximize.</summary>
    public float Sign => _optimizer.Maximize ? -1f : 1f;

    /// <summary>Gets the numbers to move.</summary>
    public Span<float> Weight => _segment.Weight(_start, _count);

    /// <summary>Gets their gradient; an update may write over it.</summary>
    public Span<float> Gradient => _segment.Gradient(_start, _count);

    /// <summary>Gets a slot of state: zeros at first, then what the last step left there.</summary>
    /// <param name="index">Index among the slots that the optimizer named.</param>
    /// <returns>As many numbers as <see cref="Weight"/>.</returns>
    public Span<float> Slot(int index) => _segment.Slot(index, _start, _count);

    /// <summary>Gives the weight decay: the group's, or the optimizer's.</summary>
    /// <param name="usual">The optimizer's.</param>
    /// <returns>The decay.</returns>
    public float WeightDecay(float usual) => _segment.Group.WeightDecay ?? usual;

    /// <summary>Gives the momentum or β₁: the schedule's, the group's, or the optimizer's.</summary>
    /// <param name="usual">The optimizer's.</param>
    /// <returns>The momentum.</returns>
    public float Momentum(float usual) => _optimizer.Momentum ?? _segment.Group.Momentum ?? usual;

    /// <summary>Gives β₂: the group's, or the optimizer's.</summary>
    /// <param name="usual">The optimizer's.</param>
    /// <returns>β₂.</returns>
    public float Beta2(float usual) => _segment.Group.Beta2 ?? usual;
}
