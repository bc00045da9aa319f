using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class LineTests
{
    [Fact]
    public void LeastSquares_PointsByHand_GivesTheFormula()
    {
        // x 0 1 2, y 1 2 6: means 1 and 3; slope = ((-1)(-2) + 0 + (1)(3)) / 2 = 2.5; intercept = 3 - 2.5 = 0.5.
        (double slope, double intercept) = LeastSquares.Line([0, 1, 2], [1, 2, 6]);
        Assert.Equal(2.5, slope, 1e-12);
        Assert.Equal(0.5, intercept, 1e-12);
    }

    [Fact]
    public void LeastSquares_OneInput_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LeastSquares.Line([2, 2], [1, 3]));
        Assert.StartsWith("LeastSquares: expected at least two different inputs, got 2 of one value.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_WithoutNoise_LiesOnTheLine()
    {
        Dataset data = Line.Generate(100, new RandomSource(3), slope: -3f, intercept: 0.5f, noise: 0f);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal((-3f * data.Inputs[i]) + 0.5f, data.Targets![i]));
        Assert.All(data.Inputs, x => Assert.InRange(x, -1f, 1f));
    }

    [Fact]
    public void Generate_WithNoise_IsFoundByLeastSquares()
    {
        Dataset data = Line.Generate(10_000, new RandomSource(3), slope: 2f, intercept: -1f, noise: 0.1f);
        (double slope, double intercept) = LeastSquares.Line(data.Inputs, data.Targets);
        // Standard errors: 0.1 / sqrt(10000 / 3) = 0.0017 and 0.1 / 100 = 0.001; five of each.
        Assert.InRange(slope, 2 - 0.0087, 2 + 0.0087);
        Assert.InRange(intercept, -1.005, -0.995);
        Assert.NotEqual(2, slope);
    }
}
