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

        if (one.Op == "Sgd")
        {
            return new Sgd(parameters, new SgdOptions(Setting("learningRate"), Setting("momentum"), Setting("dampening"), one.Flag("nesterov"), Setting("weightDecay")));
        }

        AdamOptions options = new(Setting("learningRate"), Setting("beta1"), Setting("beta2"), Setting("epsilon"), Setting("weightDecay"));
        bool decoupled = one.Op switch
        {
            "Adam" => false,
            "AdamW" => true,
            _ => throw new NotSupportedException($"Golden optimizers: expected an optimizer for '{one.Op}', got none."),
        };
        return one.Flag("amsGrad")
            ? new AmsGrad(parameters, options, decoupled)
            : decoupled ? new AdamW(parameters, new AdamWOptions(options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay)) : new Adam(parameters, options);
    }
}
