namespace Pondus.Optimizers;

/// <summary>Moves parameters against their gradients.</summary>
/// <remarks>
/// <para>To write your own, name the slots of state that each number needs and override <see cref="Update"/>.</para>
/// <para>A step uses the gradients up: the next backward pass writes them anew. Parameters without a gradient are left alone. Differs: steps are counted once for all parameters, in PyTorch for each.</para>
/// </remarks>
public abstract class Optimizer
{
    private readonly List<OptimizerSegment> _segments;
    private readonly Parameter[] _parameters;
    private readonly string[] _slotNames;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move; frozen parameters are left out.</param>
    /// <param name="learningRate">Learning rate, at least 0.</param>
    /// <param name="slotNames">Names of the numbers of state kept for each weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, float learningRate, params ReadOnlySpan<string> slotNames)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        LearningRate = learningRate;
        _slotNames = slotNames.ToArray();
        _parameters = [.. parameters.Where(static p => p.RequiresGradient).Distinct()];
        _segments = OptimizerSegment.Of(_parameters, _slotNames.Length);
    }

    /// <summary>Gets or sets the learning rate; a schedule sets it before each step.</summary>
    public float LearningRate
    {
        get;
        set => field = value is >= 0f and <= float.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{GetType().Name}: expected a finite LearningRate of at least 0, got {value}.");
    }

    /// <summary>Gets the number of steps taken.</summary>
    public long StepNumber { get; private set; }

    /// <summary>Gets the parameters that are moved.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Gets the names of the numbers of state kept for each weight.</summary>
    public IReadOnlyList<string> SlotNames => _slotNames;

    /// <summary>Moves every parameter that has a gradient, and uses the gradients up.</summary>
    public void Step()
    {
        StepNumber++;
        foreach (OptimizerSegment segment in _segments)
        {
            bool whole = true;
            foreach (Parameter parameter in segment.Parameters)
            {
                whole &= parameter.HasGradient;
            }

            if (whole)
            {
                Update(new ParameterStep(segment, 0, segment.Count, LearningRate, StepNumber));
            }

            foreach (Parameter parameter in segment.Parameters)
            {
                if (!whole && parameter.HasGradient)
                {
                    Update(new ParameterStep(segment, segment.StartOf(parameter), parameter.Count, LearningRate, StepNumber));
                }

                if (parameter.HasGradient)
                {
                    parameter.HasGradient = false;
                    parameter.MarkChanged();
                }
            }
        }
    }

    /// <summary>Drops all gradients without using them.</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.ZeroGradient();
        }
    }

    /// <summary>Gives the state of one parameter, to be saved or restored.</summary>
    /// <param name="slot">Index into <see cref="SlotNames"/>.</param>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <returns>Its numbers, writable.</returns>
    public Span<float> State(int slot, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        foreach (OptimizerSegment segment in _segments)
        {
            if (Array.IndexOf(segment.Parameters, parameter) >= 0)
            {
                return segment.Slot(slot, segment.StartOf(parameter), parameter.Count);
            }
        }

        throw new ArgumentException($"{GetType().Name}: expected one of its parameters, got '{parameter.Name}' {parameter.Shape}.", nameof(parameter));
    }

    /// <summary>Restores the number of steps taken; the state is restored through <see cref="State"/>.</summary>
    /// <param name="stepNumber">Number of steps.</param>
    public void Restore(long stepNumber) => StepNumber = stepNumber;

    /// <summary>Moves one stretch of numbers by one step.</summary>
    /// <param name="step">Weights, gradient, state, learning rate and number of the step.</param>
    protected abstract void Update(in ParameterStep step);
}
