using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;
using static Pondus.Tests.Onnx.TestGraphs;

namespace Pondus.Tests.Onnx;

/// <summary>Graphs are run as their nodes say.</summary>
public sealed class OnnxNetworkTests
{
    private static readonly float[] s_x = [1, 2, 3];

    [Fact]
    public void Run_NodesInARow_ComputesThem()
    {
        // y = relu(x + w) with w = (-2, 1, 0): (0, 3, 3).
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Info("x", OnnxType.Float, "3")],
            Outputs = [Any("y")],
            Initializers = [Tensor("w", OnnxValue.Of([-2f, 1f, 0f], 3))],
            Nodes = [Node("Add", ["x", "w"], ["sum"]), Node("Relu", ["sum"], ["y"])],
        }));
        Assert.Equal([0f, 3f, 3f], Run(network, ("x", OnnxValue.Of(s_x, 3)))["y"].Data<float>());
        Assert.Equal(["w"], network.NamedParameters().Select(static pair => pair.Name));
    }

    [Fact]
    public void Run_ReluBehindALayer_IsComputedOnceWhoeverUsesTheLayer()
    {
        // a = x w, used by its ReLU alone; b = x w, used by its ReLU and by the output.
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("x")],
            Outputs = [Any("ra"), Any("rb"), Any("b")],
            Initializers = [Tensor("w", OnnxValue.Of([1f, -1f], 1, 2)), Tensor("c", OnnxValue.Of([0.5f, 0.5f], 1, 2))],
            Nodes =
            [
                Node("Gemm", ["x", "w"], ["a"]), Node("Gemm", ["x", "w", "c"], ["b"]), Node("Relu", ["a"], ["ra"]), Node("Relu", ["b"], ["rb"]),
            ],
        }));
        var outputs = Run(network, ("x", OnnxValue.Of([3f], 1, 1)));
        Assert.Equal([3f, 0f], outputs["ra"].Data<float>());
        Assert.Equal([3.5f, 0f], outputs["rb"].Data<float>());
        Assert.Equal([3.5f, -2.5f], outputs["b"].Data<float>());
    }

    [Theory]
    [InlineData(true, 2f)]
    [InlineData(false, 4f)]
    public void Run_If_TakesTheBranchAndSeesValuesAround(bool condition, float expected)
    {
        OnnxGraph branch = new() { Outputs = [Any("r")] };
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("c", OnnxType.Bool), Any("x")],
            Outputs = [Any("y")],
            Nodes =
            [
                Node("Identity", ["x"], ["outer"]),
                Node(
                    "If",
                    ["c"],
                    ["y"],
                    Graph("then_branch", branch with { Name = "then", Nodes = [Node("Identity", ["outer"], ["r"])] }),
                    Graph("else_branch", branch with { Name = "else", Nodes = [Node("Add", ["outer", "outer"], ["r"])] })),
            ],
        }));
        Assert.Equal([expected], Run(network, ("c", OnnxValue.Scalar(condition)), ("x", OnnxValue.Of([2f], 1)))["y"].Data<float>());
    }

    [Fact]
    public void Run_Loop_CarriesAndStacks()
    {
        // Three times v = 2 v from 1: 8 at the end, and 2, 4, 8 on the way.
        OnnxGraph body = new()
        {
            Inputs = [Any("i", OnnxType.Int64), Any("go", OnnxType.Bool), Any("v")],
            Outputs = [Any("go_out", OnnxType.Bool), Any("v_out"), Any("seen")],
            Nodes = [Node("Identity", ["go"], ["go_out"]), Node("Add", ["v", "v"], ["v_out"]), Node("Identity", ["v_out"], ["seen"])],
        };
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("trips", OnnxType.Int64), Any("start")],
            Outputs = [Any("end"), Any("all")],
            Nodes = [Node("Loop", ["trips", "", "start"], ["end", "all"], Graph("body", body))],
        }));
        var outputs = Run(network, ("trips", OnnxValue.Scalar(3L)), ("start", OnnxValue.Of([1f], 1)));
        Assert.Equal([8f], outputs["end"].Data<float>());
        Assert.Equal([2f, 4f, 8f], outputs["all"].Data<float>());
        Assert.Equal([3, 1], outputs["all"].Shape);
    }

    [Fact]
    public void Run_FunctionsOfTheModel_ArePutInPlaceWithTheirSettings()
    {
        // twice(x) = x + x; softer(x; a) = leaky relu with slope a, through a reference; called one in the other.
        OnnxFunction twice = new() { Name = "Twice", Domain = "own", Inputs = ["a"], Outputs = ["b"], Nodes = [Node("Add", ["a", "a"], ["b"])], Opsets = new Dictionary<string, long> { [""] = 21 } };
        OnnxFunction softer = new()
        {
            Name = "Softer",
            Domain = "own",
            Inputs = ["x"],
            Outputs = ["y"],
            Attributes = ["slope"],
            Opsets = new Dictionary<string, long> { [""] = 21, ["own"] = 1 },
            Nodes =
            [
                Node("Twice", ["x"], ["inner"]) with { Domain = "own" },
                Node("LeakyRelu", ["inner"], ["y"], new OnnxAttribute { Name = "alpha", Kind = OnnxAttributeKind.Float, Reference = "slope" }),
            ],
        };
        OnnxNetwork network = Load(Model(
            new OnnxGraph
            {
                Inputs = [Any("x")],
                Outputs = [Any("z")],
                Nodes =
                [
                    Node("Softer", ["x"], ["y"], new OnnxAttribute { Name = "slope", Kind = OnnxAttributeKind.Float, Float = 0.25f }) with { Domain = "own" },
                    Node("Twice", ["y"], ["z"]) with { Domain = "own" },
                ],
            },
            twice,
            softer));
        // -1 -> -2 -> -0.5 -> -1; 3 -> 6 -> 6 -> 12.
        Assert.Equal([-1f, 12f], Run(network, ("x", OnnxValue.Of([-1f, 3f], 2)))["z"].Data<float>());
    }

    [Fact]
    public void Load_FunctionThatCallsItself_IsRefused()
    {
        OnnxFunction endless = new() { Name = "Endless", Domain = "own", Inputs = ["a"], Outputs = ["b"], Nodes = [Node("Endless", ["a"], ["b"]) with { Domain = "own" }] };
        OnnxModel model = Model(new OnnxGraph { Inputs = [Any("x")], Outputs = [Any("y")], Nodes = [Node("Endless", ["x"], ["y"]) with { Domain = "own" }] }, endless);
        Assert.Contains("at most 32 deep", Assert.Throws<OnnxException>(() => Load(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownOperators_AreAllNamedAtOnce()
    {
        OnnxModel model = Model(new OnnxGraph
        {
            Inputs = [Any("x")],
            Outputs = [Any("y")],
            Nodes = [Node("Fly", ["x"], ["a"]), Node("Fly", ["a"], ["b"]), Node("Swim", ["b"], ["y"]) with { Domain = "sea" }],
        });
        string message = Assert.Throws<OnnxException>(() => Load(model)).Message;
        Assert.Contains("ai.onnx.Fly (version 21) (2 times), sea.Swim (no version)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OperatorOfOnesOwn_IsUsed()
    {
        OnnxOperators operators = new();
        operators.Add("sea", "Swim", static call => [OnnxValue.Of(call.Input(0).AsTensor() * 3f)]);
        OnnxNetwork network = Load(Model(new OnnxGraph { Inputs = [Any("x")], Outputs = [Any("y")], Nodes = [Node("Swim", ["x"], ["y"]) with { Domain = "sea" }] }), operators);
        Assert.Equal([3f, 6f, 9f], Run(network, ("x", OnnxValue.Of(s_x, 3)))["y"].Data<float>());
    }

    [Fact]
    public void Run_SparseInitializer_IsZeroElsewhere()
    {
        // 5 at (0, 1) and 7 at (1, 2) of (2, 3).
        OnnxSparseTensor sparse = new(Tensor("s", OnnxValue.Of([5f, 7f], 2)), Tensor("", OnnxValue.Of([0L, 1L, 1L, 2L], 2, 2)), [2, 3]);
        OnnxGraph graph = new() { SparseInitializers = [sparse], Outputs = [Any("y")], Nodes = [Node("Identity", ["s"], ["y"])] };
        Assert.Equal([0f, 5f, 0f, 0f, 0f, 7f], Run(Load(Model(graph)))["y"].Data<float>());
        foreach (long[] wrong in new long[][] { [0, 1, 2, 2], [0, 1, 1, -1] })
        {
            OnnxSparseTensor outside = sparse with { Indices = Tensor("", OnnxValue.Of(wrong, 2, 2)) };
            Assert.Contains("expected places within (2, 3)", Assert.Throws<OnnxException>(() => Load(Model(graph with { SparseInitializers = [outside] }))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_WrongInputs_AreNamed()
    {
        OnnxNetwork network = Load(Model(new OnnxGraph { Name = "g", Inputs = [Info("x", OnnxType.Float, "batch", "3")], Outputs = [Any("y")], Nodes = [Node("Relu", ["x"], ["y"])] }));
        Assert.Equal("graph 'g': expected x float32 (batch, 3), got the unknown z.", Message(network, ("z", OnnxValue.Of(s_x, 1, 3))));
        Assert.Equal("graph 'g': expected input x float32 (batch, 3), got int64 (1, 3).", Message(network, ("x", OnnxValue.Of([1L, 2L, 3L], 1, 3))));
        Assert.Equal("graph 'g': expected input x float32 (batch, 3), got float32 (3, 1).", Message(network, ("x", OnnxValue.Of(s_x, 3, 1))));
    }

    [Fact]
    public void Run_OperatorThatCannot_IsNamedWithItsInputs()
    {
        OnnxNetwork network = Load(Model(new OnnxGraph { Inputs = [Any("x"), Any("z")], Outputs = [Any("y")], Nodes = [Node("MatMul", ["x", "z"], ["y"])] }));
        string message = Message(network, ("x", OnnxValue.Of(s_x, 1, 3)), ("z", OnnxValue.Of([1f, 2f], 2, 1)));
        Assert.StartsWith("MatMul 'y': ", message, StringComparison.Ordinal);
        Assert.Contains("Inputs: float32 (1, 3), float32 (2, 1).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManyThreads_GivesEachItsOwn()
    {
        OnnxNetwork network = Load(Model(new OnnxGraph
        {
            Inputs = [Any("x")],
            Outputs = [Any("y")],
            Initializers = [Tensor("w", OnnxValue.Of([2f, 0f, 0f, 2f], 2, 2))],
            Nodes = [Node("MatMul", ["x", "w"], ["a"]), Node("Tanh", ["a"], ["b"]), Node("MatMul", ["b", "w"], ["y"])],
        }));
        Parallel.For(0, 64, i =>
        {
            float[] y = Run(network, ("x", OnnxValue.Of([0.01f * i, -0.01f * i], 1, 2)))["y"].Data<float>();
            Assert.Equal(2 * Math.Tanh(0.02 * i), y[0], 5);
            Assert.Equal(-y[0], y[1]);
        });
    }

    private static IReadOnlyDictionary<string, OnnxValue> Run(OnnxNetwork network, params (string Name, OnnxValue Value)[] inputs) =>
        network.Run(inputs.ToDictionary(static pair => pair.Name, static pair => pair.Value, StringComparer.Ordinal));

    private static string Message(OnnxNetwork network, params (string Name, OnnxValue Value)[] inputs) => Assert.Throws<OnnxException>(() => Run(network, inputs)).Message;
}
