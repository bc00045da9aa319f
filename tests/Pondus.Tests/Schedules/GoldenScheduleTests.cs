using Pondus.Schedules;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Schedules;

/// <summary>Schedules give PyTorch's learning rates.</summary>
public sealed class GoldenScheduleTests
{
    // Both sides compute in double; the file has nine digits.
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Cases => Golden.Names("schedules");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factor_GoldenCase_GivesTheRateOfEachStep(string name)
    {
        GoldenCase one = Golden.Case("schedules", name);
        Schedule schedule = Make(one);
        double rate = one.Number("learningRate");
        Assert.All(one.Output.Values, (expected, step) => Assert.Equal(expected, rate * schedule.Factor(step), Tolerance * rate));
    }

    private static Schedule Make(GoldenCase one) => one.Op switch
    {
        "StepDecay" => new StepDecay(one.Integer("stepSize"), one.Number("factor")),
        "ExponentialDecay" => new ExponentialDecay(one.Number("factor")),
        // PyTorch's minimum is a rate, this one a factor.
        "CosineDecay" => new CosineDecay(one.Integer("steps"), one.Number("minimum") / one.Number("learningRate")),
        "WarmUp" => new WarmUp(one.Integer("steps")),
        "WarmUpThenCosine" => new WarmUp(one.Integer("warmUpSteps"), new CosineDecay(one.Integer("cosineSteps"), one.Number("minimum"))),
        _ => throw new NotSupportedException($"Golden schedules: expected a schedule for '{one.Op}', got none."),
    };
}
