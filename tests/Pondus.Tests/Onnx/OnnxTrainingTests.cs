using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Onnx;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;
using static Pondus.Tests.Onnx.TestGraphs;

namespace Pondus.Tests.Onnx;

/// <summary>An imported graph trains as the network of layers that it describes.</summary>
public sealed class OnnxTrainingTests
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void Backward_Perceptron_GivesTheGradientsOfTheLayers()
    {
        Sequential layers = Perceptron();
        AssertSameGradients(layers, PerceptronGraph(layers), Tensor.Normal([5, 6], 0, 1, new RandomSource(2)), [0, 1, 2, 1, 0]);
    }

    [Fact]
    public void Backward_ConvolutionalNetwork_GivesTheGradientsOfTheLayers()
    {
        RandomSource random = new(3);
        Sequential layers = new(
            new Conv2d(2, 4, 3, random, padding: 1), new Relu(), new MaxPool2d(2),
            new Conv2d(4, 6, 3, random, stride: 2, padding: 1), new Tanh(),
            new Flatten(), new Linear(6 * 2 * 2, 3, random));
        OnnxNetwork graph = Load(Model(new OnnxGraph
        {
            Inputs = [Info("x", OnnxType.Float, "batch", "2", "8", "8")],
            Outputs = [Any("y")],
            Initializers = Weights(layers),
            Nodes =
            [
                Node("Conv", ["x", "0.weight", "0.bias"], ["a"], Ints("pads", 1, 1, 1, 1)),
                Node("Relu", ["a"], ["b"]),
                Node("MaxPool", ["b"], ["c"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
                Node("Conv", ["c", "3.weight", "3.bias"], ["d"], Ints("pads", 1, 1, 1, 1), Ints("strides", 2, 2)),
                Node("Tanh", ["d"], ["e"]),
                Node("Flatten", ["e"], ["f"]),
                Node("Gemm", ["f", "6.weight", "6.bias"], ["y"], Int("transB", 1)),
            ],
        }));
        AssertSameGradients(layers, graph, Tensor.Normal([4, 2, 8, 8], 0, 1, random), [0, 2, 1, 1]);
    }

    [Theory(SkipTestWithoutData = true)]
    [InlineData("cnn_dynamo")]
    [InlineData("unet_dynamo")]
    [InlineData("lstm_torchscript")]
    [InlineData("gru_dynamo")]
    [InlineData("vit_torchscript")]
    [InlineData("encoder_dynamo")]
    [InlineData("rnn_torchscript")]
    [InlineData("rope_opset23")]
    public void Backward_ExportedGraph_GivesTheSlopeOfTheOutput(string name)
    {
        string path = TestData.PathOf($"fixtures/onnx/{name}.onnx");
        OnnxNetwork network = OnnxNetwork.Load(path);
        using WeightFile io = WeightFile.Open(Path.ChangeExtension(path, ".io.npz"));
        Dictionary<string, OnnxValue> inputs = io.Entries.Where(static entry => entry.Name.StartsWith("in_", StringComparison.Ordinal))
            .ToDictionary(static entry => entry.Name[3..], OnnxValue.Of, StringComparer.Ordinal);
        List<Parameter> parameters = [.. network.Parameters];
        Assert.NotEmpty(parameters);
        Step.Begin();
        Loss(network, inputs).Backward();
        Step.End();

        // Along the gradient, the output rises by its length squared for each unit.
        double length = parameters.Where(static p => p.HasGradient).Sum(static p => p.Gradient.ToArray().Sum(static g => (double)g * g));
        Assert.True(length > 0, $"{name}: expected gradients, got none.");
        Assert.True(parameters.Count(static p => p.HasGradient) > 0.8 * parameters.Count, $"{name}: expected most parameters to have gradients.");
        double step = 3e-3 / Math.Sqrt(length);
        float[][] before = [.. parameters.Select(static p => p.ToArray())];
        double up = Moved(step), down = Moved(-step);
        Assert.Equal(1, (up - down) / (2 * step * length), 0.03);

        double Moved(double size)
        {
            for (int i = 0; i < parameters.Count; i++)
            {
                if (parameters[i].HasGradient)
                {
                    float[] gradient = parameters[i].Gradient.ToArray();
                    parameters[i].Set([.. before[i].Select((value, k) => (float)(value + (size * gradient[k])))]);
                }
            }

            return Inference.Run((network, inputs), static state => (double)Loss(state.network, state.inputs).Item());
        }
    }

    [Fact]
    public void Fit_ImportedGraph_TrainsAsItsLayersDo()
    {
        Sequential layers = Perceptron();
        OnnxNetwork graph = PerceptronGraph(layers);
        float[] ofLayers = Train(layers), ofGraph = Train(graph);
        Assert.True(ofLayers[^1] < 0.7f * ofLayers[0], $"expected a falling loss, got {ofLayers[0]} and {ofLayers[^1]}.");
        Assert.All(ofLayers.Zip(ofGraph), static pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        foreach ((Parameter a, Parameter b) in layers.Parameters.Zip(graph.Parameters))
        {
            Assert.All(a.ToArray().Zip(b.ToArray()), static pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    private static Tensor Loss(OnnxNetwork network, Dictionary<string, OnnxValue> inputs)
    {
        Tensor y = network.Run(inputs)[network.Outputs[0].Name].AsTensor();
        // A weighted sum, so that a softmax at the end does not make it constant.
        Tensor weights = Tensor.Normal(y.Shape, 0, 1, new RandomSource(7));
        return (y * weights).Sum();
    }

    private static Sequential Perceptron()
    {
        RandomSource random = new(1);
        return new Sequential(new Linear(6, 8, random), new Relu(), new Linear(8, 3, random));
    }

    private static OnnxNetwork PerceptronGraph(Sequential layers) => Load(Model(new OnnxGraph
    {
        Inputs = [Info("x", OnnxType.Float, "batch", "6")],
        Outputs = [Any("y")],
        Initializers = Weights(layers),
        Nodes =
        [
            Node("Gemm", ["x", "0.weight", "0.bias"], ["a"], Int("transB", 1)),
            Node("Relu", ["a"], ["b"]),
            Node("Gemm", ["b", "2.weight", "2.bias"], ["y"], Int("transB", 1)),
        ],
    }));

    private static OnnxTensor[] Weights(Module module) =>
        [.. module.NamedParameters().Select(static pair => Tensor(pair.Name, OnnxValue.Of(pair.Parameter.ToArray(), pair.Parameter.Shape.ToArray())))];

    private static void AssertSameGradients(Sequential layers, OnnxNetwork graph, Tensor x, int[] labels)
    {
        Backward(layers, x, labels);
        Backward(graph, x, labels);
        Dictionary<string, Parameter> found = graph.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal);
        Assert.Equal(layers.NamedParameters().Count(), found.Count);
        foreach ((string name, Parameter parameter) in layers.NamedParameters())
        {
            float[] expected = parameter.Gradient.ToArray(), actual = found[name].Gradient.ToArray();
            Assert.Contains(expected, static value => value != 0);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    private static void Backward(Layer network, Tensor x, int[] labels)
    {
        Step.Begin();
        new CrossEntropy().Forward(network.Forward(x), labels).Backward();
        Step.End();
    }

    private static float[] Train(Layer network)
    {
        Losses losses = new();
        Trainer trainer = new(network, new CrossEntropy(), new AdamW(network.Parameters, new AdamWOptions(0.01f)), new TrainerOptions { Epochs = 6, BatchSize = 16 });
        trainer.Fit(TrainingData.Clusters(100, 6, 3), progress: losses);
        return [.. losses.All];
    }

    private sealed class Losses : IProgress<EpochReport>
    {
        public List<float> All { get; } = [];

        public void Report(EpochReport value) => All.Add((float)value.Loss);
    }
}
