using Pondus.Optimizers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Optimizers;

/// <summary>Optimizers move weights as PyTorch's do, step by step on given gradients.</summary>
public sealed class GoldenOptimizerTests
{
    public static TheoryData<string> Cases => Golden.Names("optimizers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_GoldenCase_GivesTheWeightsOfEachStep(string name)
    {
        GoldenCase one = Golden.Case("optimizers", name);
        GoldenArray gradients = one["gradients"], expected = one.Output;
        Weights weights = new(one["weight"].Singles);
        Optimizer optimizer = Make(one, weights.Parameters);
        for (int step = 0; step < expected.Shape[0]; step++)
        {
            weights.SetGradient(Array.ConvertAll(gradients.Row(step), static g => (float)g));
            optimizer.Step();
            Golden.AssertClose($"{name}: weights after step {step + 1}", expected.Row(step), weights.Values, GoldenRun.Tolerance);
        }
    }

    private static Optimizer Make(GoldenCase one, IEnumerable<Parameter> parameters)
    {
        float Setting(string key) => (float)one.Number(key);

        bool maximize = one.Has("maximize");
        float Rate() => Setting("learningRate");
        float Decay() => Setting("weightDecay");
        return one.Op switch
        {
            "Sgd" => new Sgd(parameters, new SgdOptions(Rate(), Setting("momentum"), Setting("dampening"), one.Flag("nesterov"), Decay())) { Maximize = maximize },
            "Adam" => new Adam(parameters, new AdamOptions(Rate(), Setting("beta1"), Setting("beta2"), Setting("epsilon"), Decay(), one.Flag("amsGrad"))) { Maximize = maximize },
            "AdamW" => new AdamW(parameters, new AdamWOptions(Rate(), Setting("beta1"), Setting("beta2"), Setting("epsilon"), Decay(), one.Flag("amsGrad"))) { Maximize = maximize },
            "AdaGrad" => new AdaGrad(parameters, new AdaGradOptions(Rate(), Setting("learningRateDecay"), Decay(), Setting("initialAccumulator"))) { Maximize = maximize },
            "AdaDelta" => new AdaDelta(parameters, new AdaDeltaOptions(Rate(), Setting("rho"), WeightDecay: Decay())) { Maximize = maximize },
            "RmsProp" => new RmsProp(parameters, new RmsPropOptions(Rate(), Setting("alpha"), 1e-8f, Decay(), Setting("momentum"), one.Flag("centered"))) { Maximize = maximize },
            "Adamax" => new Adamax(parameters, new AdamaxOptions(Rate(), Setting("beta1"), Setting("beta2"), 1e-8f, Decay())) { Maximize = maximize },
            "NAdam" => new NAdam(parameters, new NAdamOptions(Rate(), Setting("beta1"), Setting("beta2"), 1e-8f, Decay(), Setting("momentumDecay"), one.Flag("decoupled"))) { Maximize = maximize },
            "RAdam" => new RAdam(parameters, new RAdamOptions(Rate(), Setting("beta1"), Setting("beta2"), 1e-8f, Decay(), one.Flag("decoupled"))) { Maximize = maximize },
            "Rprop" => new Rprop(parameters, new RpropOptions(Rate(), Setting("etaMinus"), Setting("etaPlus"))) { Maximize = maximize },
            "Asgd" => new Asgd(parameters, new AsgdOptions(Rate(), Setting("lambda"), Setting("alpha"), Setting("averageFrom"), Decay())) { Maximize = maximize },
            "Lion" => new Lion(parameters, new LionOptions(Rate(), Setting("beta1"), Setting("beta2"), Decay())),
            "Lamb" => new Lamb(parameters, new LambOptions(Rate(), Setting("beta1"), Setting("beta2"), WeightDecay: Decay())),
            "Lookahead" => new Lookahead(new Adam(parameters, new AdamOptions(Rate())), new LookaheadOptions(one.Integer("steps"), Setting("alpha"))),
            _ => throw new NotSupportedException($"Golden optimizers: expected an optimizer for '{one.Op}', got none."),
        };
    }
}
