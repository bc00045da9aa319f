using Pondus.Optimizers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Optimizers;

/// <summary>Every optimizer, one line each, goes through the battery; a user's own too.</summary>
public sealed class OptimizerBatteryTests
{
    private static readonly OptimizerCase[] s_all =
    [
        new("Sgd", p => new Sgd(p, new SgdOptions(0.1f)), 1e-3f),
        new("Sgd, momentum", p => new Sgd(p, new SgdOptions(0.05f, Momentum: 0.9f)), 1e-4f),
        new("Sgd, dampening", p => new Sgd(p, new SgdOptions(0.2f, Momentum: 0.5f, Dampening: 0.5f)), 1e-3f),
        new("Sgd, Nesterov", p => new Sgd(p, new SgdOptions(0.05f, Momentum: 0.9f, Nesterov: true)), 1e-4f),
        new("Sgd, weight decay", p => new Sgd(p, new SgdOptions(0.1f, WeightDecay: 0.1f)), 1e-3f, Decays: true),
        new("Adam", p => new Adam(p, new AdamOptions(0.05f)), 0.02f),
        new("Adam, weight decay", p => new Adam(p, new AdamOptions(0.05f, WeightDecay: 0.1f)), 0.02f, Decays: true),
        new("AdamW", p => new AdamW(p, new AdamWOptions(0.05f, WeightDecay: 0f)), 0.02f),
        new("AdamW, weight decay", p => new AdamW(p, new AdamWOptions(0.05f, WeightDecay: 0.1f)), 0.02f, Decays: true),
        new("AmsGrad", p => new AmsGrad(p, new AdamOptions(0.05f), decoupled: false), 0.02f),
    ];

    public static TheoryData<string> Cases => [.. s_all.Select(static one => one.Name)];

    [Fact]
    public void Library_PublicOptimizers_AllHaveACase()
    {
        IEnumerable<Type> tested = s_all.Select(static one => one.Make([]).GetType());
        Assert.All(typeof(Optimizer).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(Optimizer))), type => Assert.Contains(type, tested));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_Parabola_ComesToItsMinimum(string name) => OptimizerBattery.Parabola(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_Rosenbrock_GoesDown(string name) => OptimizerBattery.Rosenbrock(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_ZeroGradient_LeavesOrShrinksTheWeights(string name) => OptimizerBattery.ZeroGradient(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Restore_AtEveryStep_GivesTheBitsOfAnUninterruptedRun(string name) => OptimizerBattery.Resume(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_FrozenOrWithoutGradient_LeavesTheWeights(string name) => OptimizerBattery.Untouched(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_Neighbors_MoveAsIfAlone(string name) => OptimizerBattery.Neighbors(Case(name));

    private static OptimizerCase Case(string name) => s_all.Single(one => one.Name == name);
}
