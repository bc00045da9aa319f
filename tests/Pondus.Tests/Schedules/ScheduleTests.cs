using Pondus.Schedules;
using Xunit;

namespace Pondus.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void Factor_Constant_IsOne() => Assert.Equal(1, new Pondus.Schedules.Constant().Factor(1_000_000));

    [Fact]
    public void Factor_CosineDecayPastItsEnd_StaysAtTheMinimum()
    {
        CosineDecay schedule = new(10, 0.25);
        Assert.Equal(0.25, schedule.Factor(10), 1e-15);
        Assert.Equal(0.25, schedule.Factor(1000), 1e-15);
    }

    [Fact]
    public void Factor_ExponentialDecayWithPeriod_HalvesOncePerPeriod()
    {
        ExponentialDecay schedule = new(0.5, 4);
        Assert.Equal([1, 0.5, 0.25], new[] { schedule.Factor(0), schedule.Factor(4), schedule.Factor(8) });
        Assert.Equal(Math.Sqrt(0.5), schedule.Factor(2), 1e-15);
    }

    [Fact]
    public void Factor_WarmUp_RisesInEqualStepsThenFollows()
    {
        WarmUp schedule = new(3, new StepDecay(2, 0.1));
        // (step + 1) / 4 for three steps, then the decay from its own step 0.
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 0.1, 0.1], Enumerable.Range(0, 7).Select(step => schedule.Factor(step)));
    }

    [Fact]
    public void ToString_Schedules_NameTheirSettings()
    {
        Schedule[] all = [new Pondus.Schedules.Constant(), new CosineDecay(10, 0.5), new ExponentialDecay(0.9, 2), new StepDecay(5), new WarmUp(3), new WarmUp(3, new StepDecay(5))];
        Assert.Equal(
            ["Constant", "CosineDecay(10, 0.5)", "ExponentialDecay(0.9, 2)", "StepDecay(5, 0.1)", "WarmUp(3)", "WarmUp(3, StepDecay(5, 0.1))"],
            all.Select(static one => one.ToString()));
    }

    [Fact]
    public void Constructor_NoSteps_NamesTheSettingAndItsValue()
    {
        Assert.StartsWith("CosineDecay: expected at least 1 step, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new CosineDecay(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("StepDecay: expected a step size of at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new StepDecay(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("ExponentialDecay: expected a period of at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialDecay(0.5, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("WarmUp: expected at least 0 steps, got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new WarmUp(-1)).Message, StringComparison.Ordinal);
    }
}
