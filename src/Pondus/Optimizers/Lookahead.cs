using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Lets another optimizer run ahead, and after every k steps goes part of the way after it and lets it start again from there.</summary>
/// <remarks>
/// <para>Formula: after k inner steps: s ← s + α(w - s); w ← s. The inner optimizer keeps its state.</para>
/// <para>Memory: one float a weight beside the inner optimizer's. The learning rate is the inner one's, whichever of the two is set.</para>
/// <para>Source: Zhang et al. 2019, arXiv:1907.08610, algorithm 1.</para>
/// </remarks>
public sealed class Lookahead : Optimizer
{
    private readonly Optimizer _inner;
    private readonly LookaheadOptions _options;
    private readonly string[] _slotNames;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="inner">What runs ahead; it is no longer stepped by itself.</param>
    /// <param name="options">Settings; null takes the defaults.</param>
    public Lookahead(Optimizer inner, LookaheadOptions? options = null)
        : base((inner ?? throw new ArgumentNullException(nameof(inner))).Parameters, inner.LearningRate, "slow_weight")
    {
        _inner = inner;
        _options = (options ?? new LookaheadOptions()).Checked();
        _slotNames = ["slow_weight", .. inner.SlotNames];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => _slotNames;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Numbers
    {
        get => _inner.Numbers;
        set => _inner.Numbers = value;
    }

    /// <inheritdoc/>
    public override bool Reevaluates => _inner.Reevaluates;

    /// <inheritdoc/>
    public override void Step()
    {
        Prepare();
        _inner.Step();
        Follow();
    }

    /// <inheritdoc/>
    public override double Step(Func<double> evaluate)
    {
        Prepare();
        double loss = _inner.Step(evaluate);
        Follow();
        return loss;
    }

    /// <inheritdoc/>
    public override Span<float> State(int slot, Parameter parameter) => slot == 0 ? base.State(0, parameter) : _inner.State(slot - 1, parameter);

    /// <inheritdoc/>
    public override long StepsOf(Parameter parameter) => _inner.StepsOf(parameter);

    /// <inheritdoc/>
    public override void RestoreSteps(Parameter parameter, long steps) => _inner.RestoreSteps(parameter, steps);

    /// <inheritdoc/>
    public override void Restore(long stepNumber)
    {
        base.Restore(stepNumber);
        _inner.Restore(stepNumber);
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step) => Run(step, new Rule { Share = _options.Alpha }, 0);

    private void Prepare()
    {
        _inner.LearningRate = LearningRate;
        _inner.Momentum = Momentum;
        if (StepNumber == 0)
        {
            // Weights may have been loaded since the optimizer was made.
            foreach (OptimizerSegment segment in Segments)
            {
                segment.Weight(0, segment.Count).CopyTo(segment.Slot(0, 0, segment.Count));
            }
        }
    }

    private void Follow()
    {
        StepNumber++;
        if (StepNumber % _options.Steps != 0)
        {
            return;
        }

        foreach (OptimizerSegment segment in Segments)
        {
            Update(new ParameterStep(this, segment, 0, segment.Count, StepNumber));
            foreach (Parameter parameter in segment.Parameters)
            {
                parameter.MarkChanged();
            }
        }
    }

    private struct Rule : IUpdate
    {
        public float Share;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV> => a = TV.Fma(TV.Create(Share), w - a, a);
    }
}
