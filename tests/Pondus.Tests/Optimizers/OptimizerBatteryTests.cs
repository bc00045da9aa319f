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
        new("Adam, AMSGrad", p => new Adam(p, new AdamOptions(0.05f, AmsGrad: true)), 0.02f),
        new("AdaGrad", p => new AdaGrad(p, new AdaGradOptions(0.5f, LearningRateDecay: 0.01f, InitialAccumulator: 0.1f)), 0.1f),
        new("AdaGrad, weight decay", p => new AdaGrad(p, new AdaGradOptions(0.5f, WeightDecay: 0.1f)), 0.1f, Decays: true),
        new("AdaDelta", p => new AdaDelta(p, new AdaDeltaOptions(20f)), 2f),
        new("RmsProp", p => new RmsProp(p, new RmsPropOptions(0.05f)), 0.01f),
        new("RmsProp, centered, momentum", p => new RmsProp(p, new RmsPropOptions(0.005f, Momentum: 0.9f, Centered: true)), 1e-3f),
        new("RmsProp, weight decay", p => new RmsProp(p, new RmsPropOptions(0.05f, WeightDecay: 0.1f)), 0.01f, Decays: true),
        new("Adamax", p => new Adamax(p, new AdamaxOptions(0.2f)), 0.02f),
        new("NAdam", p => new NAdam(p, new NAdamOptions(0.05f)), 0.02f),
        new("NAdam, decoupled", p => new NAdam(p, new NAdamOptions(0.05f, WeightDecay: 0.1f, Decoupled: true)), 0.02f, Decays: true),
        new("RAdam", p => new RAdam(p, new RAdamOptions(0.2f)), 1e-3f),
        new("RAdam, decoupled", p => new RAdam(p, new RAdamOptions(0.05f, WeightDecay: 0.1f, Decoupled: true)), 1e-3f, Decays: true),
        new("Lion", p => new Lion(p, new LionOptions(0.05f, 0.9f, 0.9f)), 0.01f),
        new("Lion, weight decay", p => new Lion(p, new LionOptions(0.02f, WeightDecay: 0.1f)), 0.01f, Decays: true),
        new("Lamb", p => new Lamb(p, new LambOptions(0.05f, WeightDecay: 0f)), 0.02f),
        new("Lamb, weight decay", p => new Lamb(p, new LambOptions(0.05f, WeightDecay: 0.1f)), 0.02f, Decays: true),
        new("Rprop", p => new Rprop(p, new RpropOptions(0.05f)), 0.01f),
        new("Asgd", p => new Asgd(p, new AsgdOptions(0.2f, Lambda: 0f, AverageFrom: 3f)), 1e-3f),
        new("Asgd, decay", p => new Asgd(p, new AsgdOptions(0.1f, Lambda: 0.01f)), 1e-3f, Decays: true),
        new("Lookahead", p => new Lookahead(new Adam(p, new AdamOptions(0.1f))), 0.02f),
    ];

    // Optimizers that take several evaluations for a step have tests of their own.
    private static readonly Type[] s_reevaluating = [typeof(Lbfgs)];

    public static TheoryData<string> Cases => [.. s_all.Select(static one => one.Name)];

    [Fact]
    public void Library_PublicOptimizers_AllHaveACase()
    {
        IEnumerable<Type> tested = s_all.Select(static one => one.Make([]).GetType()).Concat(s_reevaluating);
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
