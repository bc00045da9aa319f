using Pondus.Layers;
using Pondus.Optimizers;
using Xunit;

namespace Pondus.Tests.Optimizers;

/// <summary>Groups give parameters settings by their names.</summary>
public sealed class ParameterGroupsTests
{
    [Fact]
    public void Step_GroupsWithOtherRates_MoveAsOptimizersOfTheirOwn()
    {
        Sequential grouped = Make(), first = Make(), second = Make();
        Sgd one = new(
            new ParameterGroups(grouped, new ParameterGroup("0.*") { LearningRateFactor = 0.5f, Momentum = 0f }, new ParameterGroup("*.bias") { WeightDecay = 0f }),
            new SgdOptions(0.1f, Momentum: 0.9f, WeightDecay: 0.1f));
        Sgd slow = new(first.Parameters, new SgdOptions(0.05f, WeightDecay: 0.1f)), usual = new(second.Parameters, new SgdOptions(0.1f, Momentum: 0.9f, WeightDecay: 0.1f));
        float[] firstBias = grouped.Parameters.ElementAt(1).ToArray(), secondBias = grouped.Parameters.ElementAt(3).ToArray();
        for (int step = 0; step < 3; step++)
        {
            foreach ((Sequential model, Optimizer optimizer) in new (Sequential, Optimizer)[] { (grouped, one), (first, slow), (second, usual) })
            {
                Step.Begin();
                Tensor sum = Tensor.Of([0f]);
                foreach (Parameter parameter in model.Parameters)
                {
                    sum += (parameter.ToTensor() * (step + 1f)).Sum();
                }

                sum.Sum().Backward();
                optimizer.Step();
            }
        }

        Step.End();
        Parameter[] actual = [.. grouped.Parameters];
        Assert.Equal([.. first.Parameters.First().ToArray()], actual[0].ToArray());
        Assert.Equal([.. second.Parameters.ElementAt(2).ToArray()], actual[2].ToArray());

        // Gradients 1, 2, 3 without decay. Rate 0.05: 0.05 (1 + 2 + 3). Rate 0.1, momentum 0.9: velocities 1, 2.9, 5.61.
        Assert.All(actual[1].ToArray(), (b, i) => Assert.Equal(firstBias[i] - 0.3f, b, 1e-6f));
        Assert.All(actual[3].ToArray(), (b, i) => Assert.Equal(secondBias[i] - 0.951f, b, 1e-6f));
    }

    [Fact]
    public void Constructor_FrozenGroup_MovesNothingOfIt()
    {
        Sequential model = Make();
        Adam optimizer = new(new ParameterGroups(model, new ParameterGroup("0.*") { Frozen = true }), new AdamOptions());
        Assert.Equal(["weight", "bias"], optimizer.Parameters.Select(static p => p.Name));
        Assert.Equal([false, false, true, true], model.Parameters.Select(static p => p.RequiresGradient));
    }

    [Fact]
    public void Constructor_VectorsOnly_LeavesMatrices()
    {
        Sequential model = Make();
        _ = new ParameterGroups(model, new ParameterGroup("*") { VectorsOnly = true, Frozen = true });
        Assert.Equal([true, false, true, false], model.Parameters.Select(static p => p.RequiresGradient));
    }

    [Fact]
    public void Constructor_PatternOfNothing_NamesTheNearest()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new ParameterGroups(Make(), new ParameterGroup("*.biass")));
        Assert.StartsWith("ParameterGroup '*.biass': expected a pattern of parameter names, got one that matches none. Nearest: 0.bias, 1.bias", error.Message, StringComparison.Ordinal);
    }

    private static Sequential Make()
    {
        RandomSource random = new(3);
        return new Sequential(new Linear(3, 4, random), new Linear(4, 2, random));
    }
}
