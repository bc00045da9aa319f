using Pondus.Optimizers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Optimizers;

/// <summary>L-BFGS walks as PyTorch's does, over a bent valley.</summary>
public sealed class LbfgsTests
{
    public static TheoryData<string> Cases => Golden.Names("lbfgs");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_GoldenCase_GivesTheWeightsOfEachStep(string name)
    {
        GoldenCase one = Golden.Case("lbfgs", name);
        Weights weights = new(one["weight"].Singles);
        Lbfgs optimizer = Make(one, weights);
        for (int step = 0; step < one.Output.Shape[0]; step++)
        {
            optimizer.Step(Evaluation(one, weights));
            Golden.AssertClose($"{name}: weights after step {step + 1}", one.Output.Row(step), weights.Values, GoldenRun.Tolerance);
        }
    }

    [Fact]
    public void Restore_BetweenSteps_GivesTheBitsOfAnUninterruptedRun()
    {
        GoldenCase one = Golden.Case("lbfgs", "Lbfgs-history");
        Weights whole = new(one["weight"].Singles), parts = new(one["weight"].Singles);
        Lbfgs uninterrupted = Make(one, whole), resumed = Make(one, parts);
        for (int step = 0; step < 6; step++)
        {
            uninterrupted.Step(Evaluation(one, whole));
            resumed.Step(Evaluation(one, parts));
            Weights next = new(parts.Values.ToArray());
            Lbfgs successor = Make(one, next);
            for (int slot = 0; slot < resumed.SlotNames.Count; slot++)
            {
                resumed.State(slot, parts.OwnParameters[0]).CopyTo(successor.State(slot, next.OwnParameters[0]));
            }

            successor.Restore(resumed.StepNumber);
            successor.Numbers = resumed.Numbers;
            (parts, resumed) = (next, successor);
            Assert.Equal(whole.Values.ToArray(), parts.Values.ToArray());
        }
    }

    [Fact]
    public void Step_WithoutAFunction_SaysWhatToCall() =>
        Assert.Contains("expected Step with a function", Assert.Throws<InvalidOperationException>(new Lbfgs(new Weights([1f]).Parameters, new LbfgsOptions()).Step).Message, StringComparison.Ordinal);

    private static Lbfgs Make(GoldenCase one, Weights weights) => new(weights.Parameters, new LbfgsOptions((float)one.Number("learningRate"), one.Integer("iterations"), HistorySize: one.Integer("history"), StrongWolfe: one.Flag("strongWolfe")));

    /// <summary>Sum of c (w - t)^2 / 2 + (w - t)^4 / 4, computed in double as the script does.</summary>
    private static Func<double> Evaluation(GoldenCase one, Weights weights) => () =>
    {
        double[] target = one["target"].Values, curvature = one["curvature"].Values;
        double loss = 0;
        float[] gradient = new float[target.Length];
        for (int i = 0; i < target.Length; i++)
        {
            double d = weights.Values[i] - target[i];
            loss += (curvature[i] * d * d / 2) + (d * d * d * d / 4);
            gradient[i] = (float)((curvature[i] * d) + (d * d * d));
        }

        weights.SetGradient(gradient);
        return loss;
    };
}
