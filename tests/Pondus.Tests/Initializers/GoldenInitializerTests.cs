using Pondus.Initializers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Initializers;

/// <summary>Starting values have the bound or the standard deviation that PyTorch's rules give.</summary>
public sealed class GoldenInitializerTests
{
    // The standard error of a deviation from n normal draws is sigma / sqrt(2 n); five of them.
    private const int Draws = 200_000;
    private const double DeviationTolerance = 0.008;

    public static TheoryData<string> Cases => Golden.Names("initializers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fill_GoldenCase_HasTheBoundOrDeviation(string name)
    {
        GoldenCase one = Golden.Case("initializers", name);
        int[] shape = one.Has("shape") ? one.Integers("shape") : [1, 1];
        if (one.Has("mode") && one.Text("mode") == "fanOut")
        {
            // The library's He looks at the inputs; the outputs' fan is the inputs' of the transposed shape.
            (shape[0], shape[1]) = (shape[1], shape[0]);
        }

        Initializer initializer = Make(one);
        float[] values = Draw(initializer, new Shape(shape));
        double expected = one.Output.Values[0];
        if (one.Output.Name == "bound")
        {
            double largest = values.Max(static v => Math.Abs((double)v));
            // With 200,000 draws the largest misses the bound by 1 in 10,000 with probability e^-20.
            Assert.InRange(largest, expected * (1 - 1e-4), expected * (1 + 1e-6));
            Assert.Equal(expected / Math.Sqrt(3), Deviation(values), expected * DeviationTolerance);
        }
        else
        {
            Assert.Equal(expected, Deviation(values), expected * DeviationTolerance);
        }

        Assert.Equal(0, values.Average(static v => (double)v), expected * 0.015);
    }

    private static float[] Draw(Initializer initializer, Shape shape)
    {
        RandomSource random = new(7);
        List<float> all = [];
        float[] values = new float[shape.Count];
        while (all.Count < Draws)
        {
            initializer.Fill(values, shape, random);
            all.AddRange(values);
        }

        return [.. all];
    }

    private static double Deviation(float[] values) => Math.Sqrt(values.Average(static v => (double)v * v));

    private static Initializer Make(GoldenCase one) => one.Op switch
    {
        "XavierNormal" => new XavierNormal((float)one.Number("gain")),
        "XavierUniform" => new XavierUniform((float)one.Number("gain")),
        "HeNormal" => new HeNormal(),
        "HeUniform" => new HeUniform(),
        "LeCunNormal" => new LeCunNormal(),
        "LeCunUniform" => new LeCunUniform(),
        "TruncatedNormal" => new TruncatedNormal(0f, 1f),
        _ => throw new NotSupportedException($"Golden initializers: expected an initializer for '{one.Op}', got none."),
    };
}
