using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Layers;
using Pondus.Networks;
using Pondus.Onnx;
using Pondus.Onnx.Export;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Networks written as ONNX, run by onnxruntime and by our own interpreter, on batches of two sizes.</summary>
public sealed class OnnxExportTests
{
    private const float Tolerance = 2e-5f;

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (Func<RandomSource, Layer> Make, int[] Input, int Tokens)> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["mlp"] = (static r => new Mlp([1, 4, 4], [8, 6], 3, r), [1, 4, 4], 0),
        ["activations"] = (static r => new Sequential(
            new Linear(5, 5, r), new LeakyRelu(0.1f), new Elu(), new Selu(), new Gelu(), new Gelu(tanhApproximation: true), new Silu(), new Softplus(), new Hardsigmoid(),
            new Hardswish(), new Relu6(), new Mish(), new LogSigmoid(), new Softsign(), new Tanh(), new Sigmoid(), new Softmax()), [5], 0),
        ["lenet"] = (static r => new LeNet([1, 28, 28], 10, r), [1, 28, 28], 0),
        ["resnet"] = (static r => new ResNet(3, 10, new ResNetOptions { SmallStem = true, Depths = [1, 1, 1], Widths = [8, 16, 24], StemWidth = 8, PadsShortcuts = true }, r), [3, 16, 16], 0),
        ["mobilenet"] = (static r => new MobileNetV2(3, 5, r), [3, 32, 32], 0),
        ["unet"] = (static r => new UNet(1, 2, [4, 8], r), [1, 32, 32], 0),
        ["vit"] = (static r => new VisionTransformer(new VisionTransformerSettings { ImageSize = 16, PatchSize = 4, Layers = 2, Width = 16, Heads = 2, Classes = 5 }, r), [3, 16, 16], 0),
        ["gpt"] = (static r => new Gpt(new GptSettings { Vocabulary = 17, Context = 12, Layers = 2, Heads = 2, Width = 16 }, r), [9], 17),
        ["encoder"] = (static r => new TransformerEncoderLayer(12, 3, r), [5, 12], 0),
        ["lstm"] = (static r => new RecurrentNetwork(new Lstm(6, 8, r, layers: 2, bidirectional: true), 4, r), [7, 6], 0),
        ["gru-tokens"] = (static r => new RecurrentNetwork(new Gru(6, 8, r), 13, r, new Embedding(13, 6, r), everyStep: true), [7], 13),
        ["rnn"] = (static r => new RecurrentNetwork(new Rnn(6, 8, r), 4, r), [7, 6], 0),
        ["pools"] = (static r => new Sequential(
            new Conv2d(2, 4, 3, r, padding: 1), new BatchNorm2d(4), new AvgPool2d(2), new ConvTranspose2d(4, 8, 3, r, stride: 2, padding: 1), new GroupNorm(2, 8), new Silu(),
            new ReflectionPad2d(1), new MaxPool2d(3, stride: 2), new ZeroPad2d(1), new Upsample(2, UpsampleMode.Nearest), new Upsample(2, UpsampleMode.Bilinear),
            new PixelShuffle(2), new AdaptiveAvgPool2d(2), new Flatten(), new Linear(8, 3, r)), [2, 8, 8], 0),
        ["signals"] = (static r => new Sequential(new Conv1d(2, 4, 3, r, stride: 2), new BatchNorm1d(4), new Relu(), new MaxPool1d(2), new Flatten(), new LayerNorm([16]), new RmsNorm([16]), new Linear(16, 2, r)), [2, 18], 0),
    };

    [Fact]
    public void Save_WeightsNamedAsTheExportNamesItsOwn_KeepTheirValues()
    {
        // y = sum(x a + b + c) with a = (2, 3), b = (1, 1), c = (10, 10): for x = (1, 2) it is 8 + 2 + 20.
        OnnxNetwork network = TestGraphs.Load(TestGraphs.Model(new OnnxGraph
        {
            Inputs = [TestGraphs.Any("x")],
            Outputs = [TestGraphs.Any("y")],
            Initializers =
            [
                TestGraphs.Tensor("constant_1", OnnxValue.Of([2f, 3f], 2)), TestGraphs.Tensor("input", OnnxValue.Of([1f, 1f], 2)), TestGraphs.Tensor("Mul_1", OnnxValue.Of([10f, 10f], 2)),
                TestGraphs.Tensor("axes", OnnxValue.Of([1L], 1)),
            ],
            Nodes =
            [
                TestGraphs.Node("Mul", ["x", "constant_1"], ["p"]), TestGraphs.Node("Add", ["p", "input"], ["q"]), TestGraphs.Node("Add", ["q", "Mul_1"], ["r"]),
                TestGraphs.Node("ReduceSum", ["r", "axes"], ["y"], TestGraphs.Int("keepdims", 0)),
            ],
        }));
        OnnxNetwork again = TestGraphs.Load(OnnxExport.ToModel(network, [2]));
        Assert.Equal([30f], Inference.Run(again, static one => one.Forward(Tensor.Of([1f, 2f], [1, 2])).ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Save_Network_RunsInOnnxRuntimeWithTheSameOutputs(string name)
    {
        using TestFolder folder = new();
        (Layer network, Tensor[] inputs) = Make(name);
        string path = folder.File("network.onnx");
        (_, int[] input, int tokens) = Cases[name];
        OnnxExport.Save(network, path, new Shape(input));
        for (int i = 0; i < inputs.Length; i++)
        {
            float[] expected = Inference.Run((network, x: inputs[i]), static s => s.network.Forward(s.x).ToArray());
            File.WriteAllText(folder.File("input.json"), JsonSerializer.Serialize(new { dims = inputs[i].Shape.ToArray(), data = inputs[i].ToArray() }));
            string output = NodePackages.RunNode(
                """
                const ort = require('onnxruntime-node'), fs = require('fs');
                const [, model, file, tokens] = process.argv;
                const { dims, data } = JSON.parse(fs.readFileSync(file));
                const x = tokens === '0' ? new ort.Tensor('float32', Float32Array.from(data), dims) : new ort.Tensor('int64', BigInt64Array.from(data.map(v => BigInt(v))), dims);
                ort.InferenceSession.create(model).then(s => s.run({ input: x })).then(r => console.log(JSON.stringify(Array.from(r.output.data))));
                """,
                path,
                folder.File("input.json"),
                tokens.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Close(expected, JsonSerializer.Deserialize<float[]>(output)!);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Save_Network_IsReadBackAndRunsHereWithTheSameOutputs(string name)
    {
        using TestFolder folder = new();
        (Layer network, Tensor[] inputs) = Make(name);
        string path = folder.File("network.onnx");
        (_, int[] input, int tokens) = Cases[name];
        OnnxExport.Save(network, path, new Shape(input), new Dictionary<string, string>(StringComparer.Ordinal) { ["pondus.seed"] = "3" });
        OnnxNetwork graph = OnnxNetwork.Load(path);
        foreach (Tensor x in inputs)
        {
            float[] expected = Inference.Run((network, x), static s => s.network.Forward(s.x).ToArray());
            OnnxValue given = tokens == 0 ? OnnxValue.Of(x) : OnnxValue.Of(Array.ConvertAll(x.ToArray(), static v => (long)v), x.Shape.ToArray());
            Close(expected, graph.Run(new Dictionary<string, OnnxValue>(StringComparer.Ordinal) { ["input"] = given })["output"].Data<float>());
        }

        using WeightFile file = WeightFile.Open(path);
        Assert.Equal("3", file.Metadata["pondus.seed"]);
        HashSet<string> written = [.. file.Entries.Select(static e => e.Name)];

        // Recurrent weights are written with their gates in another order, under names of their own.
        Assert.All(network.NamedParameters().Where(static p => p.Parameter.Name[^3..] is not ("_l0" or "_l1") && !p.Name.EndsWith("reverse", StringComparison.Ordinal)), p => Assert.Contains(p.Name, written));
    }

    [Fact]
    public void Save_OperationWithoutCounterpart_IsNamed()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => OnnxExport.ToModel(new Sequential(new AdaptiveAvgPool2d(3)), [1, 4, 4]));
        Assert.Equal("ONNX: expected operations that the format has, got pooling over windows of different sizes.", error.Message);
    }

    private static (Layer Network, Tensor[] Inputs) Make(string name)
    {
        (Func<RandomSource, Layer> make, int[] input, int tokens) = Cases[name];
        RandomSource random = new(3);
        Layer network = make(random);

        // Statistics of norms that are not 0 and 1.
        foreach ((string buffer, Parameter parameter) in network.NamedBuffers())
        {
            if (!parameter.IsCounter)
            {
                parameter.Set([.. Enumerable.Range(0, parameter.Count).Select(_ => 0.5f + random.NextSingle())]);
            }

            _ = buffer;
        }

        return (network, [.. new[] { 1, 4 }.Select(batch => Batch(batch, input, tokens, random))]);
    }

    private static Tensor Batch(int batch, int[] input, int tokens, RandomSource random)
    {
        Shape shape = [batch, .. input];
        return tokens == 0
            ? Tensor.Uniform(shape, -1f, 1f, random)
            : Tensor.Of([.. Enumerable.Range(0, shape.Count).Select(_ => (float)random.NextInt32(tokens))], shape);
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }
}
