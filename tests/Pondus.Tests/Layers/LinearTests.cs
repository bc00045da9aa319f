using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class LinearTests
{
    [Fact]
    public void Forward_TwoInputs_GivesWeightedSumPlusBias()
    {
        Linear layer = new(2, 1, new RandomSource(1));
        layer.Weight.Set([10f, 100f]);
        layer.Bias!.Set([1f]);
        Assert.Equal([1f + (2 * 10) + (3 * 100)], layer.Forward(Tensor.Of(2f, 3f)).ToArray());
    }

    [Fact]
    public void Forward_ImageNotFlattened_NamesLayerAndBothShapes()
    {
        Linear layer = new(784, 10, new RandomSource(1));
        ShapeException error = Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros([32, 28, 28])));
        Assert.Equal("Linear(784 -> 10): expected input of shape (..., 784), got (32, 28, 28). Call Flatten(1) first.", error.Message);
    }

    [Fact]
    public void Constructor_Start_LiesWithinOneOverTheRootOfTheInputs()
    {
        Linear layer = new(100, 50, new RandomSource(1));
        // 1 / sqrt(100) = 0.1; of 5,000 uniform draws the largest comes near it.
        Assert.InRange(layer.Weight.ToArray().Max(Math.Abs), 0.099f, 0.1f);
        Assert.InRange(layer.Bias!.ToArray().Max(Math.Abs), 0.08f, 0.1f);
    }

    [Fact]
    public void Forward_InferenceAfterTheWeightsChanged_UsesTheNewOnes()
    {
        Linear layer = new(4, 3, new RandomSource(1), useBias: false);
        Tensor x = Tensor.Ones([16, 4]);
        float[] Run() => Inference.Run((layer, x), static state => state.layer.Forward(state.x).ToArray());
        _ = Run();
        layer.Weight.Set(Enumerable.Repeat(2f, 12).ToArray());
        Assert.All(Run(), static y => Assert.Equal(8f, y));
    }

    [Fact]
    public void Forward_SequentialWithRelu_GivesTheBitsOfTheTwoAlone()
    {
        RandomSource random = new(1);
        Linear linear = new(33, 17, random);
        Tensor x = Tensor.Normal([19, 33], 0f, 1f, random);
        Assert.Equal(linear.Forward(x).Relu().ToArray(), new Sequential(linear, new Relu()).Forward(x).ToArray());
    }

    /// <summary>The mask that the two compute together is the one of ReLU alone, with a bias to add up and without.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Backward_SequentialWithRelu_GivesTheGradientsOfTheTwoAlone(bool useBias)
    {
        RandomSource random = new(1);
        Linear linear = new(5, 9, random, useBias);
        Tensor x = Tensor.Normal([6, 5], 0f, 1f, random), upstream = Tensor.Normal([6, 9], 0f, 1f, random);
        float[][] alone = Gradients(input => linear.Forward(input).Relu()), together = Gradients(new Sequential(linear, new Relu()).Forward);
        Assert.Equal(useBias ? 3 : 2, alone.Length);
        Assert.Contains(alone[0], static g => g != 0f);
        Assert.Equal(alone.Length, together.Length);
        // The bias's sum over six rows may be added in another order: some roundings of numbers up to 2.
        Assert.All(alone.Zip(together), static pair => Assert.All(pair.First.Zip(pair.Second), static v => Assert.Equal(v.First, v.Second, 1e-6f)));

        float[][] Gradients(Func<Tensor, Tensor> compute)
        {
            Pondus.Step.Begin();
            Tensor leaf = x.WithGradient();
            foreach (Parameter parameter in linear.Parameters)
            {
                parameter.ZeroGradient();
            }

            (compute(leaf) * upstream).Sum().Backward();
            float[][] gradients = [leaf.Gradient.ToArray(), .. linear.Parameters.Select(static p => p.Gradient.ToArray())];
            Pondus.Step.End();
            return gradients;
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Constructor_NoFeatures_IsRefused(int inFeatures, int outFeatures) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(inFeatures, outFeatures, new RandomSource(1)));
}
