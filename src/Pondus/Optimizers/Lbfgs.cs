using Pondus.Kernels;

namespace Pondus.Optimizers;

/// <summary>Quasi-Newton steps: the gradient times an inverse curvature that is built from the last steps.</summary>
/// <remarks>
/// <para>Formula: d = -Hg by the two-loop recursion over pairs s (step) and y (change of the gradient); w ← w + td, t = η (in the first iteration at most 1/|g|₁ of it) or by line search.</para>
/// <para>For whole batches: one <see cref="Step(Func{double})"/> evaluates loss and gradients several times. Weight decay and groups do not apply.</para>
/// <para>Memory: two floats a weight for each pair and three more; a step allocates. Differs: 10 pairs where PyTorch keeps 100.</para>
/// <para>Source: Nocedal and Wright 2006, Numerical Optimization, algorithms 7.4 and 7.5; PyTorch's LBFGS for the conditions of ending.</para>
/// </remarks>
public sealed unsafe class Lbfgs : Optimizer
{
    private const double SmallestCurvature = 1e-10;

    private readonly LbfgsOptions _options;
    private readonly Dictionary<Parameter, int> _starts = [];
    private readonly string[] _slotNames;
    private readonly float[][] _slots;
    private readonly int _count;
    private readonly double[] _inverses;
    private long _iterations;
    private double _length;
    private double _scale = 1;
    private int _pairs;
    private int _oldest;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="parameters">What to move.</param>
    /// <param name="options">Settings.</param>
    public Lbfgs(IEnumerable<Parameter> parameters, LbfgsOptions options)
        : base(parameters, options.Checked().LearningRate)
    {
        _options = options;
        foreach (Parameter parameter in Parameters)
        {
            _starts[parameter] = _count;
            _count += parameter.Count;
        }

        _inverses = new double[options.HistorySize];
        _slotNames = ["direction", "previous_gradient", .. Enumerable.Range(0, options.HistorySize).SelectMany(static i => (string[])[$"step_{i}", $"change_{i}"])];
        _slots = [.. _slotNames.Select(_ => new float[_count])];
    }

    /// <inheritdoc/>
    public override bool Reevaluates => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => _slotNames;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Numbers
    {
        get => [_iterations, _length, _scale, _pairs, _oldest, .. _inverses];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != 5 + _inverses.Length || value[3] < 0 || value[3] > _inverses.Length || value[4] < 0 || value[4] >= _inverses.Length)
            {
                throw new ArgumentException($"Lbfgs: expected {5 + _inverses.Length} numbers of state for its history of {_inverses.Length}, got {value.Count}.", nameof(value));
            }

            (_iterations, _length, _scale, _pairs, _oldest) = ((long)value[0], value[1], value[2], (int)value[3], (int)value[4]);
            for (int i = 0; i < _inverses.Length; i++)
            {
                _inverses[i] = value[5 + i];
            }
        }
    }

    /// <summary>Not possible: a step needs several evaluations.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void Step() => throw new InvalidOperationException("Lbfgs: expected Step with a function that computes loss and gradients, got Step() without one.");

    /// <inheritdoc/>
    public override double Step(Func<double> evaluate)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        StepNumber++;
        double before = Evaluate(evaluate, out float[] gradient), loss = before, previous;
        int evaluations = 1, limit = _options.MaximumEvaluations ?? Math.Max(1, _options.MaximumIterations * 5 / 4);
        for (int n = 1; n <= _options.MaximumIterations && Largest(gradient) > _options.GradientTolerance; n++)
        {
            _iterations++;
            FindDirection(gradient);
            previous = loss;
            gradient.CopyTo(_slots[1], 0);
            _length = _iterations == 1 ? Math.Min(1, 1 / SumOfAbsolutes(gradient)) * LearningRate : LearningRate;
            double slope = Dot(gradient, _slots[0]);
            if (slope > -_options.ChangeTolerance)
            {
                break;
            }

            if (_options.StrongWolfe)
            {
                float[] origin = Weights();
                (LinePoint found, int count) = LineSearch.StrongWolfe(t => PointAt(evaluate, origin, t), new LinePoint(0, loss, slope, gradient), _length, Largest(_slots[0]), _options.ChangeTolerance, Math.Max(0, limit - evaluations));
                MoveTo(origin, found.At);
                (_length, loss, gradient) = (found.At, found.Loss, found.Gradient);
                evaluations += count;
            }
            else
            {
                MoveTo(Weights(), _length);
                if (n < _options.MaximumIterations)
                {
                    loss = Evaluate(evaluate, out gradient);
                    evaluations++;
                }
            }

            if (evaluations >= limit || Largest(_slots[0]) * Math.Abs(_length) <= _options.ChangeTolerance || Math.Abs(loss - previous) < _options.ChangeTolerance)
            {
                break;
            }
        }

        return before;
    }

    /// <inheritdoc/>
    public override Span<float> State(int slot, Parameter parameter) => _slots[slot].AsSpan(_starts[parameter], parameter.Count);

    /// <inheritdoc/>
    protected override void Update(in ParameterStep step) => throw new NotSupportedException("Lbfgs: expected a step of all parameters together, got a part of them.");

    private static double Dot(float[] a, float[] b)
    {
        fixed (float* x = a, y = b)
        {
            return Arithmetic.WideDot(x, y, a.Length);
        }
    }

    private static double SumOfAbsolutes(float[] a)
    {
        fixed (float* x = a)
        {
            return Arithmetic.SumOfAbsolutes(x, a.Length);
        }
    }

    private static double Largest(float[] a)
    {
        fixed (float* x = a)
        {
            return a.Length == 0 ? 0 : Math.Max(Arithmetic.Maximum(x, a.Length), -Arithmetic.Minimum(x, a.Length));
        }
    }

    /// <summary>y += factor x.</summary>
    private static void AddScaled(float[] a, double factor, float[] b)
    {
        fixed (float* x = a, y = b)
        {
            Arithmetic.AddScaled(x, (float)factor, y, a.Length);
        }
    }

    private static void Scale(float[] a, double factor)
    {
        fixed (float* x = a)
        {
            Arithmetic.Scale(x, (float)factor, x, a.Length);
        }
    }

    private double Evaluate(Func<double> evaluate, out float[] gradient)
    {
        double loss = evaluate();
        gradient = new float[_count];
        foreach (Parameter parameter in Parameters)
        {
            if (parameter.HasGradient)
            {
                parameter.Gradient.CopyTo(gradient.AsSpan(_starts[parameter]));
                parameter.HasGradient = false;
            }
        }

        if (Maximize)
        {
            Scale(gradient, -1);
            return -loss;
        }

        return loss;
    }

    private LinePoint PointAt(Func<double> evaluate, float[] origin, double at)
    {
        MoveTo(origin, at);
        double loss = Evaluate(evaluate, out float[] gradient);
        return new LinePoint(at, loss, Dot(gradient, _slots[0]), gradient);
    }

    private float[] Weights()
    {
        float[] weights = new float[_count];
        foreach (Parameter parameter in Parameters)
        {
            parameter.Values.CopyTo(weights.AsSpan(_starts[parameter]));
        }

        return weights;
    }

    private void MoveTo(float[] origin, double length)
    {
        float[] weights = [.. origin];
        AddScaled(_slots[0], length, weights);
        foreach (Parameter parameter in Parameters)
        {
            parameter.Set(weights.AsSpan(_starts[parameter], parameter.Count));
        }
    }

    private void FindDirection(float[] gradient)
    {
        float[] direction = _slots[0];
        if (_iterations > 1)
        {
            Remember(gradient);
        }

        gradient.CopyTo(direction, 0);
        Scale(direction, -1);
        if (_iterations == 1)
        {
            return;
        }

        double[] shares = new double[_pairs];
        for (int i = _pairs - 1; i >= 0; i--)
        {
            (float[] step, float[] change, double inverse) = Pair(i);
            shares[i] = Dot(step, direction) * inverse;
            AddScaled(change, -shares[i], direction);
        }

        Scale(direction, _scale);
        for (int i = 0; i < _pairs; i++)
        {
            (float[] step, float[] change, double inverse) = Pair(i);
            AddScaled(step, shares[i] - (Dot(change, direction) * inverse), direction);
        }
    }

    /// <summary>Keeps the last step and what it did to the gradient, in place of the oldest pair when the history is full.</summary>
    private void Remember(float[] gradient)
    {
        float[] change = new float[_count], step = new float[_count];
        gradient.CopyTo(change, 0);
        AddScaled(_slots[1], -1, change);
        AddScaled(_slots[0], _length, step);
        double curvature = Dot(change, step);
        if (curvature <= SmallestCurvature)
        {
            return;
        }

        int place = _pairs < _inverses.Length ? _pairs++ : _oldest++;
        _oldest %= _inverses.Length;
        step.CopyTo(_slots[2 + (2 * place)], 0);
        change.CopyTo(_slots[3 + (2 * place)], 0);
        _inverses[place] = 1 / curvature;
        _scale = curvature / Dot(change, change);
    }

    private (float[] Step, float[] Change, double Inverse) Pair(int index)
    {
        int place = (_oldest + index) % _inverses.Length;
        return (_slots[2 + (2 * place)], _slots[3 + (2 * place)], _inverses[place]);
    }
}
