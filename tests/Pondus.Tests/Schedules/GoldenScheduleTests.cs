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
        double[] losses = one.Op == "ReduceOnPlateau" ? one["losses"].Values : [];
        Assert.All(one.Output.Values, (expected, step) =>
        {
            Assert.Equal(expected, rate * schedule.Factor(step), Tolerance * rate);
            if (step < losses.Length)
            {
                schedule.Report(losses[step]);
            }
        });
        if (one.Op == "OneCycle")
        {
            Assert.All(one["momenta"].Values, (expected, step) => Assert.Equal(expected, schedule.Momentum(step)!.Value, Tolerance));
        }
    }

    private static Schedule Make(GoldenCase one) => one.Op switch
    {
        "StepDecay" => new StepDecay(one.Integer("stepSize"), one.Number("factor")),
        "ExponentialDecay" => new ExponentialDecay(one.Number("factor")),
        // PyTorch's minimum is a rate, this one a factor.
        "CosineDecay" => new CosineDecay(one.Integer("steps"), one.Number("minimum") / one.Number("learningRate")),
        "WarmUp" => new WarmUp(one.Integer("steps")),
        "WarmUpThenCosine" => new WarmUp(one.Integer("warmUpSteps"), new CosineDecay(one.Integer("cosineSteps"), one.Number("minimum"))),
        "PolynomialDecay" => new PolynomialDecay(one.Integer("steps"), one.Number("power")),
        "LinearRamp" => new LinearRamp(one.Integer("steps"), one.Number("start"), one.Number("end")),
        "MultiStepDecay" => new MultiStepDecay(one.Integers("milestones").Select(static m => (long)m), one.Number("factor")),
        "CosineRestarts" => new CosineRestarts(one.Integer("period"), one.Integer("growth"), one.Number("minimum") / one.Number("learningRate")),
        "InverseSquareRoot" => new InverseSquareRoot(one.Integer("steps")),
        "ScheduleSequence" => new ScheduleSequence(new StepDecay(2, 0.5), (3, new LinearRamp(3, 0.25, 1)), (3, new Pondus.Schedules.Constant())),
        "OneCycle" => new OneCycle(one.Integer("steps"), straight: one.Flag("straight"), momentum: (0.85, 0.95)),
        "ReduceOnPlateau" => new ReduceOnPlateau(one.Number("factor"), one.Integer("patience"), one.Number("threshold"), one.Integer("cooldown")),
        _ => throw new NotSupportedException($"Golden schedules: expected a schedule for '{one.Op}', got none."),
    };
}
