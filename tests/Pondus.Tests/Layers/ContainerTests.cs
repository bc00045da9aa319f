using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class ContainerTests
{
    /// <summary>Norm, sum and ReLU in one give what they give alone, and so do their gradients.</summary>
    [Fact]
    public void Forward_ResidualEndingInBatchNormWithRelu_GivesThePartsAlone()
    {
        RandomSource random = new(1);
        Conv2d conv = new(3, 4, 3, random, padding: 1), shortcut = new(3, 4, 1, random);
        BatchNorm2d norm = new(4);
        Residual residual = new(new Sequential(conv, norm), shortcut);
        Tensor x = Tensor.Normal([5, 3, 6, 7], 0f, 1f, random), upstream = Tensor.Normal([5, 4, 6, 7], 0f, 1f, random);
        float[][] alone = Run(input => (shortcut.Forward(input) + norm.Forward(conv.Forward(input))).Relu()), together = Run(new Sequential(residual, new Relu()).Forward);
        Assert.Equal(["body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias", "shortcut.weight", "shortcut.bias"], residual.NamedParameters().Select(static pair => pair.Name));
        for (int i = 0; i < alone.Length; i++)
        {
            // Sums over 210 values of about 1, in another order.
            Assert.All(alone[i].Zip(together[i]), static pair => Assert.Equal(pair.First, pair.Second, 5e-5f));
        }

        float[][] Run(Func<Tensor, Tensor> compute)
        {
            Pondus.Step.Begin();
            foreach (Parameter parameter in residual.Parameters)
            {
                parameter.ZeroGradient();
            }

            Tensor input = x.WithGradient(), y = compute(input);
            (y * upstream).Sum().Backward();
            float[][] all = [y.ToArray(), input.Gradient.ToArray(), .. residual.Parameters.Select(static p => p.Gradient.ToArray())];
            Pondus.Step.End();
            return all;
        }
    }

    [Fact]
    public void Forward_ResidualOfOtherShape_SaysWhatToDo()
    {
        Residual residual = new(new Linear(3, 4, new RandomSource(1)));
        Assert.Equal("Residual: expected body and shortcut to give one shape, got (2, 4) and (2, 3). Give a shortcut that changes the shape.", Assert.Throws<ShapeException>(() => residual.Forward(Tensor.Ones([2, 3]))).Message);
        Assert.Equal("Residual: expected body and shortcut to give one shape, got (4) and (3). Give a shortcut that changes the shape.", Assert.Throws<ShapeException>(() => residual.OutputShape([3])).Message);
    }

    [Fact]
    public void OutputShape_BranchesOfOtherShapes_AreRefused()
    {
        Concat concat = new(1, new MaxPool2d(2), new Tanh());
        Assert.Equal("Concat(1, MaxPool2d(2), Tanh()): expected outputs equal but for axis 1, got (3, 2, 2) and (3, 4, 4) without the batch.", Assert.Throws<ShapeException>(() => concat.OutputShape([3, 4, 4])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Concat(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Concat(0, new Tanh()));
    }

    /// <summary>Three outputs to join and three states to start from: lists of inputs come from the step before.</summary>
    [Fact]
    public void Backward_SteadyStepsOfManyInputs_AllocateNothing()
    {
        RandomSource random = new(1);
        Concat concat = new(2, new Tanh(), new Linear(4, 4, random), new Relu());
        Lstm lstm = new(12, 5, random, layers: 3);
        Tensor x = Tensor.Normal([2, 3, 4], 0f, 1f, random), start = Tensor.Zeros([3, 2, 5]);
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            Pondus.Step.Begin();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Tensor y = lstm.Forward(concat.Forward(x.WithGradient()), new LstmState(start.WithGradient(), start.WithGradient()), out LstmState last);
            (y.Sum() + Tensor.Stack(0, last.Hidden, last.Cell, last.Cell).Sum()).Backward();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Pondus.Step.End();
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_WholesDropped_AreZeroAndTheOthersScaled(bool samples)
    {
        Layer layer = samples ? new StochasticDepth(0.25f, new RandomSource(1)) : new Dropout2d(0.25f, new RandomSource(1));
        Tensor ones = Tensor.Ones([200, 50, 2, 3]);
        Assert.Equal(ones.ToArray(), layer.Forward(ones).ToArray());
        Pondus.Step.Begin(new PassContext(IsTraining: true, StepNumber: 3));
        Tensor x = ones.WithGradient(), y = layer.Forward(x);
        y.Sum().Backward();
        float[] values = y.ToArray();
        Assert.Equal(values, x.Gradient.ToArray());
        int whole = samples ? 300 : 6;
        float[] firsts = [.. Enumerable.Range(0, values.Length / whole).Select(i => values[i * whole])];
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(firsts[i / whole], values[i]));
        Assert.All(firsts, static v => Assert.True(v is 0f or 1f / 0.75f));
        // Five standard errors: sqrt(0.25 * 0.75 / 200) = 0.031, and sqrt(0.25 * 0.75 / 10,000) = 0.0043.
        Assert.Equal(0.25, firsts.Count(static v => v == 0f) / (double)firsts.Length, samples ? 0.155 : 0.022);
        Pondus.Step.End();
    }
}
