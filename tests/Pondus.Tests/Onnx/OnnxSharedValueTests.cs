using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;
using static Pondus.Tests.Onnx.TestGraphs;

namespace Pondus.Tests.Onnx;

/// <summary>What a network keeps between runs never answers for another weight, another run or another thread.</summary>
public sealed class OnnxSharedValueTests
{
    private const int Threads = 4;

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    [InlineData("Conv")]
    public void Run_WeightBehindAnIf_IsTheOneOfThisRun(string type)
    {
        // x = 3 by the weight 2 or 5: 6 or 15.
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("c", OnnxType.Bool), Any("x")],
            Outputs = [Any("y")],
            Initializers = [Tensor("two", Weight(type, 2)), Tensor("five", Weight(type, 5))],
            Nodes =
            [
                Node("If", ["c"], ["w"], Graph("then_branch", Branch("two")), Graph("else_branch", Branch("five"))),
                Layer(type),
            ],
        }));
        foreach (bool condition in new[] { true, false, true })
        {
            Assert.Equal(condition ? [6f] : [15f], Run(network, ("c", OnnxValue.Scalar(condition)), ("x", Three(type)))["y"].Data<float>());
        }

        static OnnxGraph Branch(string weight) => new() { Name = weight, Outputs = [Any("r")], Nodes = [Node("Identity", [weight], ["r"])] };
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    [InlineData("Conv")]
    public void Run_AfterAWeightChanged_UsesItAsItIs(string type)
    {
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("x")],
            Outputs = [Any("y")],
            Initializers = [Tensor("w", Weight(type, 2))],
            Nodes = [Layer(type)],
        }));
        OnnxValue x = Three(type);
        Assert.Equal([6f], Run(network, ("x", x))["y"].Data<float>());
        Assert.Single(network.Parameters).Set(Weight(type, -1).Data<float>());
        Assert.Equal([-3f], Run(network, ("x", x))["y"].Data<float>());
    }

    [Fact]
    public void Run_OperatorOfOnesOwn_IsAskedAtEachRun()
    {
        int runs = 0;
        OnnxOperators operators = new();
        operators.Add("own", "Count", _ => [OnnxValue.Scalar(++runs)]);
        OnnxNetwork network = Load(Model(new OnnxGraph { Outputs = [Any("y", OnnxType.Int32)], Nodes = [Node("Count", [], ["y"]) with { Domain = "own" }] }), operators);
        Assert.Equal([1], Run(network)["y"].Data<int>());
        Assert.Equal([2], Run(network)["y"].Data<int>());
    }

    [Fact]
    public async Task Run_FourThreadsWithOneInput_GiveWhatOneGives()
    {
        // Everything that is kept: packed weights of three kinds, a computed constant, a widened one, an input that all share.
        RandomSource random = new(1);
        OnnxGraph graph = new()
        {
            Inputs = [Any("x")],
            Outputs = [Any("y")],
            Initializers =
            [
                Tensor("k", OnnxValue.Of(Pondus.Tensor.Normal([8, 4, 3, 3], 0, 1, random).ToArray(), 8, 4, 3, 3)),
                Tensor("q", OnnxValue.Of([.. Enumerable.Range(0, 64).Select(static i => (sbyte)(i - 32))], 8, 8)),
                Tensor("s", OnnxValue.Scalar((Half)0.125f)),
                Tensor("m", OnnxValue.Of(Pondus.Tensor.Normal([8, 8], 0, 1, random).ToArray(), 8, 8)),
                Tensor("h", OnnxValue.Of([.. Enumerable.Range(0, 8).Select(static i => (Half)i)], 8)),
            ],
            Nodes =
            [
                Node("Conv", ["x", "k"], ["a"], Ints("pads", 1, 1, 1, 1)),
                Node("Relu", ["a"], ["b"]),
                Node("GlobalAveragePool", ["b"], ["c"]),
                Node("Flatten", ["c"], ["d"]),
                Node("DequantizeLinear", ["q", "s"], ["w16"]),
                Node("Cast", ["w16"], ["w"], Int("to", 1)),
                Node("MatMul", ["d", "w"], ["e"]),
                Node("Gemm", ["e", "m"], ["f"]),
                Node("Cast", ["f"], ["f16"], Int("to", 10)),
                Node("Add", ["f16", "h"], ["g"]),
                Node("Cast", ["g"], ["y"], Int("to", 1)),
            ],
        };
        float[] values = Pondus.Tensor.Normal([2, 4, 6, 6], 0, 1, random).ToArray();
        float[] expected = Run(Load(Model(graph)), ("x", OnnxValue.Of(values, 2, 4, 6, 6)))["y"].Data<float>();
        Assert.Contains(expected, static value => value != 0);
        for (int round = 0; round < 20; round++)
        {
            OnnxNetwork network = Load(Model(graph));
            OnnxValue x = OnnxValue.Of(values, 2, 4, 6, 6);
            using Barrier start = new(Threads);
            float[][] all = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Run(network, ("x", x))["y"].Data<float>();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.All(all, one => Assert.Equal(expected, one));
        }
    }

    // A convolution with a kernel of 3 by 3, of which only the middle counts: that is how it is laid out for the kernel.
    private static OnnxValue Weight(string type, float value) => type == "Conv" ? OnnxValue.Of([0, 0, 0, 0, value, .. new float[13]], 1, 2, 3, 3) : OnnxValue.Of([value], 1, 1);

    private static OnnxValue Three(string type) => type == "Conv" ? OnnxValue.Of([3f, 0], 1, 2, 1, 1) : OnnxValue.Of([3f], 1, 1);

    private static OnnxNode Layer(string type) => type == "Conv" ? Node(type, ["x", "w"], ["y"], Ints("pads", 1, 1, 1, 1)) : Node(type, ["x", "w"], ["y"]);

    private static IReadOnlyDictionary<string, OnnxValue> Run(OnnxNetwork network, params (string Name, OnnxValue Value)[] inputs) =>
        network.Run(inputs.ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal));
}
