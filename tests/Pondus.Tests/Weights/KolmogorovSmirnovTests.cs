using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

public sealed class KolmogorovSmirnovTests
{
    [Fact]
    public void Statistic_SetsWithTies_IsTheLargestDistanceBehindEachValue()
    {
        // Behind 1: 2/4 and 1/4. Behind 2: 3/4 and 1/4. Behind 3: 1 and 3/4.
        double[] a = [1, 1, 2, 3], b = [1, 3, 3, 4];
        Assert.Equal(0.5, KolmogorovSmirnov.Statistic(a, b));
    }

    /// <summary>scipy.stats.ks_2samp(..., method="asymp") of SciPy 1.10.1: kstwo.sf(statistic, round(m n / (m + n))).</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Probability_EachRange_IsSciPys(double statistic, long countA, long countB, double expected) =>
        Assert.Equal(expected, KolmogorovSmirnov.Probability(statistic, countA, countB), 1e-7);

    [Fact]
    public void Probability_SmallAndLargeSizes_JoinSmoothly()
    {
        // The exact method ends and the expansion begins at 140: nothing may jump there.
        double before = KolmogorovSmirnov.Probability(0.08, 280, 280), after = KolmogorovSmirnov.Probability(0.08, 282, 282);
        Assert.InRange(before - after, 0, 0.01);
    }

    public static TheoryData<double, long, long, double> Cases => new()
    {
        { 0.3, 10, 10, 0.664 },
        { 0.8, 10, 12, 0.0006399999999999993 },
        { 0.25, 4, 4, 1.0 },
        { 0.05, 64, 64, 0.9999846913822186 },
        { 0.12, 64, 64, 0.7016060599307388 },
        { 0.1, 100, 100, 0.6623112704658186 },
        { 0.08, 280, 280, 0.31480749911643063 },
        { 0.14, 280, 280, 0.007416600736368014 },
        { 0.08, 281, 300, 0.29546202907018704 },
        { 0.05, 432, 432, 0.6341606743038652 },
        { 0.15, 432, 500, 5.066775715239644e-05 },
        { 0.03, 2304, 2304, 0.24602149481815172 },
        { 0.01, 5000, 4000, 0.977798682122134 },
        { 0.05, 5000, 4000, 2.8795862919540437e-05 },
        { 0.002, 200000, 200000, 0.8178408363081542 },
        { 0.0045, 400000, 400000, 0.0006052431453602938 },
        { 0.0008, 1000000, 1000000, 0.9059442014486022 },
    };
}
