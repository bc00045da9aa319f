using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;
using static Pondus.Tests.Onnx.TestGraphs;

namespace Pondus.Tests.Onnx;

/// <summary>An operator without a gradient says so when training wants one.</summary>
public sealed class OnnxGradientCutTests
{
    [Theory]
    [InlineData("Tan")]
    [InlineData("ReduceProd")]
    public void Backward_OperatorWithoutGradient_IsNamed(string type)
    {
        OnnxNetwork network = Scaled(Node(type, ["a"], ["y"]));
        Assert.StartsWith($"{type} 'y': expected an operator with a gradient, got one without.", Assert.Throws<OnnxException>(() => Backward(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_ThroughHalfPrecision_NamesTheNodeThatEndsTheWay()
    {
        OnnxNetwork network = Scaled(Node("Cast", ["a"], ["half"], Int("to", 10)), Node("Relu", ["half"], ["b"]), Node("Cast", ["b"], ["y"], Int("to", 1)));
        Assert.StartsWith("Cast 'half': ", Assert.Throws<OnnxException>(() => Backward(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_PastAnOperatorWithoutGradient_Goes()
    {
        // Nobody walks back through the tangent; y = w x + floor(w x), whose second part is flat: the gradient is x.
        OnnxNetwork network = Scaled(Node("Tan", ["a"], ["unused"]), Node("Floor", ["a"], ["b"]), Node("Add", ["a", "b"], ["y"]));
        Assert.Equal([0.5f, -0.25f], Backward(network));
    }

    [Fact]
    public void Backward_FrozenWeightsBefore_NeedNoGradient()
    {
        // y = tan(w x) v, and only v trains: its gradient is tan(w x) = (tan 0.5, tan -0.5).
        OnnxNetwork network = Scaled(Node("Tan", ["a"], ["b"]), Node("Mul", ["b", "v"], ["y"]));
        network.Parameters.First(static one => one.Count == 2).RequiresGradient = false;
        float[] gradient = Backward(network, index: 1);
        Assert.Equal(Math.Tan(0.5), gradient[0], 6);
        Assert.Equal(Math.Tan(-0.5), gradient[1], 6);
    }

    /// <summary>a = w x with w = (1, 2), then the nodes.</summary>
    private static OnnxNetwork Scaled(params OnnxNode[] nodes) => Load(Model(new OnnxGraph
    {
        Inputs = [Any("x")],
        Outputs = [Any("y")],
        Initializers = [Tensor("w", OnnxValue.Of([1f, 2f], 2)), Tensor("v", OnnxValue.Of([3f, 4f], 1, 2))],
        Nodes = [Node("Mul", ["x", "w"], ["a"]), .. nodes],
    }));

    private static float[] Backward(OnnxNetwork network, int index = 0)
    {
        Step.Begin();
        try
        {
            network.Forward(Pondus.Tensor.Of([0.5f, -0.25f])).Sum().Backward();
        }
        finally
        {
            Step.End();
        }

        return network.Parameters.ElementAt(index).Gradient.ToArray();
    }
}
