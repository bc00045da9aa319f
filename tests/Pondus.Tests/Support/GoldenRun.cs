namespace Pondus.Tests.Support;

/// <summary>Runs a golden case through the engine: forward, the given upstream gradient, backward.</summary>
public static class GoldenRun
{
    /// <summary>Ten times closer than the project asks for; only what <see cref="ToleranceOf"/> says is wider.</summary>
    public const double Tolerance = 1e-5;

    // Four roundings of a single: what sums of few terms may be off by, in the size of their terms.
    private const double Roundings = 4.8e-7;

    /// <summary>Below the smallest normal single the engine may give 0.</summary>
    public const double SmallestNormal = 1.2e-38;

    /// <summary>Compares the output and the gradient of every input and parameter.</summary>
    /// <param name="one">The case.</param>
    /// <param name="compute">From the inputs, leaves of the open step, to the output.</param>
    /// <param name="parameters">The parameters whose gradients are compared, by the case's names.</param>
    /// <param name="pass">Mode of the pass; training by default.</param>
    /// <param name="floors">Allowed differences of value and gradient where a case spans a whole range.</param>
    public static void Check(GoldenCase one, Func<Tensor[], Tensor> compute, IReadOnlyDictionary<string, Parameter>? parameters = null, PassContext? pass = null, (double Value, double Gradient)? floors = null)
    {
        (double valueFloor, double gradientFloor) = floors ?? (SmallestNormal, SmallestNormal);
        Step.Begin(pass ?? new PassContext(IsTraining: true));
        try
        {
            Tensor[] inputs = [.. one.Inputs.Select(array => Tensor.Of(array.Singles, new Shape(array.Shape)).WithGradient())];
            Tensor y = compute(inputs);
            Xunit.Assert.Equal(one.Output.Shape, y.Shape.ToArray());
            Compare(one, "y", one.Output.Values, y.Values, valueFloor);

            Tensor upstream = Tensor.Of(one.Output.UpstreamSingles, y.Shape);
            (y * upstream).Sum().Backward();
            for (int i = 0; i < inputs.Length; i++)
            {
                Compare(one, "gradient of " + one.Inputs[i].Name, one.Inputs[i].Gradient!, inputs[i].Gradient, gradientFloor);
            }

            foreach (GoldenArray parameter in one.Parameters)
            {
                Compare(one, "gradient of " + parameter.Name, parameter.Gradient!, parameters![parameter.Name].Gradient, gradientFloor);
            }
        }
        finally
        {
            Step.End();
        }
    }

    /// <summary>The share of the largest expected value by which a tensor may be off.</summary>
    /// <remarks>
    /// Where terms cancel, their sum is small beside the roundings that they leave: four of them are allowed, but never more than
    /// the project's own bound, <see cref="Golden.Tolerance"/>. The order of a sum, and so its roundings, is another in each kernel set.
    /// </remarks>
    /// <param name="expected">The reference.</param>
    /// <param name="term">Size of the terms that the tensor is made of.</param>
    public static double ToleranceOf(ReadOnlySpan<double> expected, double term)
    {
        double largest = 0;
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest == 0 ? Tolerance : Math.Clamp(Roundings * term / largest, Tolerance, Golden.Tolerance);
    }

    private static void Compare(GoldenCase one, string tensor, double[] expected, ReadOnlySpan<float> actual, double floor)
    {
        string what = $"{one.Name}: {tensor}";
        if (one.IsRange)
        {
            Golden.AssertEachClose(what, expected, actual, Tolerance, floor);
        }
        else
        {
            double term = one.Output.UpstreamSingles.Select(Math.Abs).DefaultIfEmpty(0f).Max();
            Golden.AssertClose(what, expected, actual, ToleranceOf(expected, tensor == "y" ? 0 : term));
        }
    }
}
