using System.Text.Json;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Runs;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Judges;

/// <summary>A network that was trained here gives the same outputs in onnxruntime, in PyTorch and in plain NumPy.</summary>
public sealed class TrainedNetworkTravelsTests : IDisposable
{
    private const string Experiment = """
        {
          "data": { "source": "letters", "count": 400 },
          "model": ["Flatten", { "type": "Linear", "out": 24 }, "Relu", { "type": "Linear", "out": 3 }],
          "loss": "CrossEntropy",
          "training": { "epochs": 3 }
        }
        """;

    private readonly TestFolder _folder = new();
    private readonly TrainedRun _run;
    private readonly float[] _samples;
    private readonly float[][] _expected;

    public TrainedNetworkTravelsTests()
    {
        string path = _folder.File("run");
        new ExperimentRunner(TimeProvider.System).Train(ExperimentFile.Parse(Experiment), new TrainOptions { Folder = path });
        _run = TrainedRun.Load(path);
        RandomSource random = new(5);
        _samples = [.. Enumerable.Range(0, 4 * _run.Card.InputShape.Count).Select(_ => random.NextSingle())];
        _expected = _run.Predict(_samples);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveOnnx_TrainedRun_AnswersAlikeInOnnxRuntime()
    {
        string path = _folder.File("letters.onnx");
        _run.SaveOnnx(path);
        string output = NodePackages.RunNode(
            """
            const ort = require('onnxruntime-node'), fs = require('fs');
            const { dims, data } = JSON.parse(fs.readFileSync(process.argv[2]));
            ort.InferenceSession.create(process.argv[1]).then(s => s.run({ input: new ort.Tensor('float32', Float32Array.from(data), dims) })).then(r => console.log(JSON.stringify(Array.from(r.output.data))));
            """,
            path,
            _folder.Write("x.json", JsonSerializer.Serialize(new { dims = (int[])[4, .. _run.Card.InputShape.ToArray()], data = _samples })));
        Same(JsonSerializer.Deserialize<float[]>(output)!);
    }

    [Fact]
    public void Weights_TrainedRun_AnswerAlikeInPyTorch()
    {
        _folder.Write("x.json", JsonSerializer.Serialize(Prepared()));
        string output = Peers.RunPython(
        [
            "-c",
            """
            import json, sys, torch, safetensors.torch
            net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.LazyLinear(24), torch.nn.ReLU(), torch.nn.Linear(24, 3))
            x = torch.tensor(json.load(open(sys.argv[2])), dtype=torch.float32).reshape(4, -1)
            net(x)
            net.load_state_dict(safetensors.torch.load_file(sys.argv[1]))
            print(json.dumps(net(x).flatten().tolist()))
            """,
            _run.Folder.Weights,
            _folder.File("x.json"),
        ]);
        Same(JsonSerializer.Deserialize<float[]>(output)!);
    }

    [Fact]
    public void Weights_TrainedRunAsNpz_AnswerAlikeInNumPy()
    {
        _folder.Write("x.json", JsonSerializer.Serialize(Prepared()));
        using (WeightFile file = WeightFile.Open(_run.Folder.Weights))
        {
            WeightFormats.Find("npz")!.Save(_folder.File("w.npz"), file.Entries, file.Metadata);
        }

        string output = Peers.RunPython(
        [
            "-c",
            """
            import json, sys, numpy as np
            w = np.load(sys.argv[1])
            x = np.array(json.load(open(sys.argv[2])), dtype=np.float32).reshape(4, -1)
            y = np.maximum(x @ w["1.weight"].T + w["1.bias"], 0) @ w["3.weight"].T + w["3.bias"]
            print(json.dumps(y.flatten().tolist()))
            """,
            _folder.File("w.npz"),
            _folder.File("x.json"),
        ]);
        Same(JsonSerializer.Deserialize<float[]>(output)!);
    }

    private float[] Prepared()
    {
        float[] prepared = [.. _samples];
        _run.Card.Standardizer?.Apply(prepared);
        return prepared;
    }

    // Runs answer with probabilities, the network with the scores before them.
    private void Same(float[] scores)
    {
        Assert.Equal(12, scores.Length);
        for (int i = 0; i < 4; i++)
        {
            float[] row = Tensor.Of(scores.AsSpan(3 * i, 3).ToArray(), [1, 3]).Softmax().ToArray();
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(_expected[i][j], row[j], 1e-5f);
            }
        }
    }
}
