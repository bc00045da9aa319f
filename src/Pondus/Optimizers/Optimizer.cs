using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Moves parameters against their gradients.</summary>
/// <remarks>
/// <para>To write your own, name the slots of state that each number needs and override <see cref="Update"/>.</para>
/// <para>A step uses the gradients up: the next backward pass writes them anew. Parameters without a gradient are left alone, and the step is not counted for them, as in PyTorch.</para>
/// </remarks>
public abstract class Optimizer
{
    private readonly List<OptimizerSegment> _segments;
    private readonly Parameter[] _parameters;
    private readonly string[] _slotNames;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move, such as <see cref="ParameterGroups"/>; frozen parameters are left out.</param>
    /// <param name="learningRate">Learning rate, at least 0.</param>
    /// <param name="slotNames">Names of the numbers of state kept for each weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, float learningRate, params ReadOnlySpan<string> slotNames)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        LearningRate = learningRate;
        _slotNames = slotNames.ToArray();
        _parameters = [.. parameters.Where(static p => p.RequiresGradient).Distinct()];
        ParameterGroups? groups = parameters as ParameterGroups;
        _segments = OptimizerSegment.Of(_parameters, parameter => groups?.SettingsOf(parameter) ?? ParameterGroups.Usual, _slotNames.Length);
    }

    /// <summary>Gets or sets the learning rate; a schedule sets it before each step.</summary>
    public float LearningRate
    {
        get;
        set => field = value is >= 0f and <= float.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{GetType().Name}: expected a finite LearningRate of at least 0, got {value}.");
    }

    /// <summary>Gets or sets what replaces the momentum (of Adam and its kin: β₁) of every parameter, or null; a schedule that cycles it sets it before each step.</summary>
    public float? Momentum { get; set; }

    /// <summary>Gets a value indicating whether parameters move with their gradients instead of against them.</summary>
    public bool Maximize { get; init; }

    /// <summary>Gets the number of steps taken.</summary>
    public long StepNumber { get; private protected set; }

    /// <summary>Gets the parameters that are moved.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Gets the names of the numbers of state kept for each weight.</summary>
    public virtual IReadOnlyList<string> SlotNames => _slotNames;

    /// <summary>Gets or sets the state beside the slots, to be saved or restored; most optimizers have none.</summary>
    /// <remarks>Given back as it was, also when it is empty.</remarks>
    public virtual IReadOnlyList<double> Numbers
    {
        get => [];
        set
        {
        }
    }

    /// <summary>Gets a value indicating whether a step wants loss and gradients at several places, so that <see cref="Step(Func{double})"/> must be called.</summary>
    public virtual bool Reevaluates => false;

    private protected List<OptimizerSegment> Segments => _segments;

    /// <summary>Gets a value indicating whether <see cref="Update"/> must see each parameter alone, since its formula treats a parameter as a whole.</summary>
    protected virtual bool OneByOne => false;

    /// <summary>Moves every parameter that has a gradient, and uses the gradients up.</summary>
    public virtual void Step()
    {
        StepNumber++;
        foreach (OptimizerSegment segment in _segments)
        {
            bool whole = segment.Advance();
            if (whole && !OneByOne)
            {
                Update(new ParameterStep(this, segment, 0, segment.Count, segment.Steps[0]));
            }

            for (int i = 0; i < segment.Parameters.Length; i++)
            {
                Parameter parameter = segment.Parameters[i];
                if ((!whole || OneByOne) && parameter.HasGradient)
                {
                    Update(new ParameterStep(this, segment, segment.StartOf(parameter), parameter.Count, segment.Steps[i]));
                }

                if (parameter.HasGradient)
                {
                    parameter.HasGradient = false;
                    parameter.MarkChanged();
                }
            }
        }
    }

    /// <summary>Computes loss and gradients, and takes a step; an optimizer that needs several evaluations for a step calls several times.</summary>
    /// <param name="evaluate">Runs forward and backward pass and gives the loss.</param>
    /// <returns>The loss before the step.</returns>
    public virtual double Step(Func<double> evaluate)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        double loss = evaluate();
        Step();
        return loss;
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
    public virtual Span<float> State(int slot, Parameter parameter)
    {
        (OptimizerSegment segment, int _) = Find(parameter);
        return segment.Slot(slot, segment.StartOf(parameter), parameter.Count);
    }

    /// <summary>Gives the number of steps that moved a parameter.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <returns>At most <see cref="StepNumber"/>; fewer when it had no gradient in some steps.</returns>
    public virtual long StepsOf(Parameter parameter)
    {
        (OptimizerSegment segment, int index) = Find(parameter);
        return segment.Steps[index];
    }

    /// <summary>Restores the number of steps that moved a parameter, after <see cref="Restore"/>.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <param name="steps">Number of steps.</param>
    public virtual void RestoreSteps(Parameter parameter, long steps)
    {
        (OptimizerSegment segment, int index) = Find(parameter);
        segment.Steps[index] = steps;
    }

    /// <summary>Restores the number of steps taken, for each parameter too; the state is restored through <see cref="State"/>.</summary>
    /// <param name="stepNumber">Number of steps.</param>
    public virtual void Restore(long stepNumber)
    {
        StepNumber = stepNumber;
        foreach (OptimizerSegment segment in _segments)
        {
            Array.Fill(segment.Steps, stepNumber);
        }
    }

    /// <summary>Moves one stretch of numbers by one step.</summary>
    /// <param name="step">Weights, gradient, state, settings and number of the step.</param>
    protected abstract void Update(in ParameterStep step);

    /// <summary>Runs an update over a stretch; -1 for a slot that it does not have.</summary>
    private protected static unsafe void Run<TUpdate>(in ParameterStep step, in TUpdate update, int a = -1, int b = -1, int c = -1)
        where TUpdate : unmanaged, IUpdate
    {
        fixed (float* w = step.Weight, g = step.Gradient, first = a < 0 ? default : step.Slot(a), second = b < 0 ? default : step.Slot(b), third = c < 0 ? default : step.Slot(c))
        {
            UpdateLoop.Run(update, w, g, step.Sign, first, second, third, step.Weight.Length);
        }
    }

    private (OptimizerSegment Segment, int Index) Find(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        foreach (OptimizerSegment segment in _segments)
        {
            int index = Array.IndexOf(segment.Parameters, parameter);
            if (index >= 0)
            {
                return (segment, index);
            }
        }

        throw new ArgumentException($"{GetType().Name}: expected one of its parameters, got '{parameter.Name}' {parameter.Shape}.", nameof(parameter));
    }
}
