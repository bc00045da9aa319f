using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

public class NeuronTests
{
    [Fact]
    public void Evaluate_TwoInputs_AddsContributionsAndBias()
    {
        NeuronAnswer answer = new Neuron([0.7, 0.3], 1).Evaluate([5, 2]);

        // 5 * 0.7 + 2 * 0.3 + 1 = 3.5 + 0.6 + 1
        Assert.Equal(5.1, answer.Output);
        Assert.Equal([3.5, 0.6], answer.Contributions);
        Assert.True(answer.Fires);
    }

    [Theory]
    [InlineData("Step", 1, 1)]
    [InlineData("Step", 0, 0)]
    [InlineData("step", -1, 0)]
    [InlineData("Relu", -2, 0)]
    [InlineData("Relu", 2, 2)]
    [InlineData("LeakyRelu", -2, -0.02)]
    [InlineData("Sigmoid", 0, 0.5)]
    [InlineData("Tanh", 0.5, 0.46211715726000975)] // (e - 1) / (e + 1)
    [InlineData("Elu", -1, -0.6321205588285577)] // 1/e - 1
    [InlineData("Selu", 1, 1.0507009873554805)]
    [InlineData("Silu", 1, 0.7310585786300049)] // 1 / (1 + 1/e)
    [InlineData("Softplus", 0, 0.6931471805599453)] // ln 2
    [InlineData("Softplus", 1000, 1000)]
    public void Evaluate_Activation_MatchesItsFormula(string activation, double sum, double expected)
    {
        Assert.Equal(expected, new Neuron([1], 0, activation).Evaluate([sum]).Output, 1e-15);
    }

    [Fact]
    public void Evaluate_BiasOutweighsInputs_DoesNotFire()
    {
        Assert.False(new Neuron([0.5], -1).Evaluate([1]).Fires);
    }

    [Fact]
    public void Evaluate_WrongCount_SaysBothCounts()
    {
        ShapeException e = Assert.Throws<ShapeException>(() => new Neuron([1, 2]).Evaluate([1]));
        Assert.Equal("Neuron: expected 2 inputs, one for each weight, got 1.", e.Message);
    }

    [Fact]
    public void Constructor_UnknownActivation_ListsThem()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new Neuron([1], 0, "cosine"));
        Assert.Equal("Neuron: expected an activation of Identity, Step, Sigmoid, Tanh, Relu, LeakyRelu, Elu, Selu, Silu, Softplus, got 'cosine'. (Parameter 'activation')", e.Message);
    }
}
