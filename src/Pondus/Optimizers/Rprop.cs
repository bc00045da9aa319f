using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Steps whose sizes follow the sign of the gradient alone, each weight its own: for whole batches.</summary>
/// <remarks>
/// <para>Formula: d ← d η⁺ where g has the sign of the last step's gradient, d η⁻ and g ← 0 where it has the other, limited to [minimum, maximum]; w ← w - d sign(g).</para>
/// <para>Memory: two floats a weight. A schedule or group changes the first step sizes only.</para>
/// <para>Source: Riedmiller and Braun 1993; without back-tracking: Igel and Huesken 2000.</para>
/// </remarks>
public sealed class Rprop : Optimizer
{
    private readonly RpropOptions _options;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Rprop(IEnumerable<Parameter> parameters, RpropOptions options)
        : base(parameters, options.Checked().LearningRate, "prev", "step_size")
    {
        _options = options;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step)
    {
        Rule rule = new()
        {
            Start = step.LearningRate,
            IsFirst = step.Number == 1,
            Shrink = _options.EtaMinus,
            Grow = _options.EtaPlus,
            Minimum = _options.MinimumStep,
            Maximum = _options.MaximumStep,
        };
        Run(step, rule, 0, 1);
    }

    private struct Rule : IUpdate
    {
        public bool IsFirst;
        public float Start;
        public float Shrink;
        public float Grow;
        public float Minimum;
        public float Maximum;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV>
        {
            TV zero = TV.Create(0f), agreement = UpdateLoop.SignOf(g) * UpdateLoop.SignOf(a);
            TV turned = TV.Greater(zero, agreement);
            TV factor = TV.Select(TV.Greater(agreement, zero), TV.Create(Grow), TV.Select(turned, TV.Create(Shrink), TV.Create(1f)));
            b = TV.Min(TV.Max((IsFirst ? TV.Create(Start) : b) * factor, TV.Create(Minimum)), TV.Create(Maximum));
            a = TV.Select(turned, zero, g);
            return w - (UpdateLoop.SignOf(a) * b);
        }
    }
}
