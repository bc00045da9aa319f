using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Compares gradients with what the function really does: a central difference along random directions.</summary>
public static class GradientCheck
{
    /// <summary>Allowed difference, as a share of the gradient's length: a wrong term shows as more.</summary>
    public const double Tolerance = 1e-2;

    private const int Directions = 3;

    // The error of the difference is about Distance^2, and 2^-24 / Distance from rounding: both below 1e-4.
    private const float Distance = 1e-3f;

    /// <summary>Fails unless the slope along every direction is the gradient's; all inputs and parameters move together.</summary>
    /// <param name="what">Named in the message.</param>
    /// <param name="compute">From the inputs to a tensor of any shape.</param>
    /// <param name="inputs">Where the slope is taken.</param>
    /// <param name="parameters">Parameters that the function uses; they are moved and put back.</param>
    /// <param name="pass">Mode of the pass; training by default.</param>
    public static void Check(string what, Func<Tensor[], Tensor> compute, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter>? parameters = null, PassContext? pass = null)
    {
        parameters ??= [];
        pass ??= new PassContext(IsTraining: true);
        float[][] values = [.. inputs.Select(static x => x.ToArray()), .. parameters.Select(static p => p.ToArray())];
        RandomSource random = new RandomSource(1).Stream(what);
        (float[] upstream, float[][] gradients) = Gradients(compute, inputs, parameters, pass, random);
        double length = Math.Sqrt(gradients.Sum(static g => g.Sum(static v => (double)v * v)));
        for (int i = 0; i < Directions; i++)
        {
            // Directions of +1 and -1: the slope along one is about as large as the gradient is long.
            float[][] direction = [.. values.Select(v => Array.ConvertAll(v, _ => random.NextInt32(2) == 0 ? -1f : 1f))];
            double expected = gradients.Zip(direction).Sum(static pair => pair.First.Zip(pair.Second).Sum(static p => (double)p.First * p.Second));
            (double after, double size) = Value(compute, inputs, parameters, values, direction, Distance, upstream, pass);
            (double before, _) = Value(compute, inputs, parameters, values, direction, -Distance, upstream, pass);
            double slope = (after - before) / (2 * Distance);
            double allowed = (Tolerance * Math.Max(length, Math.Abs(slope))) + (size * Math.ScaleB(1, -23) / Distance);
            Assert.True(Math.Abs(slope - expected) <= allowed, $"{what}: expected the slope {slope:G6} along direction {i}, got {expected:G6} from the gradient (allowed difference {allowed:G3}).");
        }

        _ = Value(compute, inputs, parameters, values, values, 0f, upstream, pass);
    }

    private static (float[] Upstream, float[][] Gradients) Gradients(Func<Tensor[], Tensor> compute, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter> parameters, PassContext pass, RandomSource random)
    {
        Step.Begin(pass);
        try
        {
            Tensor[] leaves = [.. inputs.Select(static x => x.WithGradient())];
            Tensor y = compute(leaves);
            Tensor upstream = Tensor.Uniform(y.Shape, -1f, 1f, random);
            foreach (Parameter parameter in parameters)
            {
                parameter.ZeroGradient();
            }

            (y * upstream).Sum().Backward();
            return (upstream.ToArray(), [.. leaves.Select(static x => x.Gradient.ToArray()), .. parameters.Select(static p => p.Gradient.ToArray())]);
        }
        finally
        {
            Step.End();
        }
    }

    /// <summary>The sum of upstream times output at a distance along a direction, and that of magnitudes.</summary>
    private static (double Sum, double Size) Value(Func<Tensor[], Tensor> compute, IReadOnlyList<Tensor> inputs, IReadOnlyList<Parameter> parameters, float[][] values, float[][] direction, float distance, float[] upstream, PassContext pass)
    {
        float[][] moved = [.. values.Zip(direction, (v, d) => v.Zip(d, (x, step) => x + (distance * step)).ToArray())];
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Set(moved[inputs.Count + i]);
        }

        Step.Begin(pass);
        try
        {
            ReadOnlySpan<float> y = compute([.. inputs.Select((x, i) => Tensor.Of(moved[i], x.Shape))]).Values;
            double sum = 0, size = 0;
            for (int i = 0; i < y.Length; i++)
            {
                sum += (double)upstream[i] * y[i];
                size += Math.Abs((double)upstream[i] * y[i]);
            }

            return (sum, size);
        }
        finally
        {
            Step.End();
        }
    }
}
