using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Operations;

/// <summary>Every operation gives PyTorch's double-precision values and gradients.</summary>
public sealed class GoldenOperationTests
{
    // 1 - y rounds to a multiple of 2^-24 where y is nearly 1; eight of them.
    private const double RoundingOfOne = 5e-7;

    // The reference itself computes 1 + erf(x) in double, which leaves 2^-52 of |x| <= 100 beside 0.
    private const double ReferenceRest = 1e-14;

    private static readonly Dictionary<string, (double Value, double Gradient)> s_floors = new(StringComparer.Ordinal)
    {
        ["sigmoid"] = (GoldenRun.SmallestNormal, RoundingOfOne),
        ["tanh"] = (GoldenRun.SmallestNormal, RoundingOfOne),
        ["gelu"] = (ReferenceRest, ReferenceRest),
    };

    public static TheoryData<string> Cases => Golden.Names("operations");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_GoldenCase_GivesValuesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("operations", name);
        GoldenRun.Check(one, inputs => GoldenOperations.Compute(one, inputs), floors: s_floors.TryGetValue(one.Op, out (double, double) floors) ? floors : null);
    }

    /// <summary>A second use of the same inputs adds to the first: twice the gradient.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Operation_UsedTwice_AddsItsGradients(string name)
    {
        GoldenCase one = Golden.Case("operations", name);
        if (one.IsRange)
        {
            // Their gradients reach the ends of single precision; twice them is another test's question.
            return;
        }

        GoldenRun.Check(one, inputs =>
        {
            Tensor first = GoldenOperations.Compute(one, inputs), second = GoldenOperations.Compute(one, inputs);
            return (first * 0.25f) + (second * 0.75f);
        });
    }

    [Theory]
    // Usual: nothing cancels.
    [InlineData(1.0, 1.0, 1e-5)]
    // 4.8e-7 * 3.21 / 0.011 is more than the project allows.
    [InlineData(0.011, 3.21, 1e-4)]
    // 4.8e-7 * 2 / 0.048, in between.
    [InlineData(-0.048, 2.0, 2e-5)]
    [InlineData(0.0, 1.0, 1e-5)]
    public void ToleranceOf_Cancellation_IsAllowedUpToTheProjectsBound(double largest, double term, double expected) =>
        Assert.Equal(expected, GoldenRun.ToleranceOf([largest, 0], term), 1e-12);
}
