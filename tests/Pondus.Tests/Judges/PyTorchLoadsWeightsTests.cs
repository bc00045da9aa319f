using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Initializers;
using Pondus.Layers;
using Pondus.Tests.Conventions;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Judges;

/// <summary>PyTorch takes the weights that Pondus saves and computes the same, and the other way round.</summary>
public class PyTorchLoadsWeightsTests
{
    private const int BatchSize = 7;
    private const int Inputs = 15;
    private const int Width = 19;
    private const int Classes = 5;

    private const string All = "All";

    // Weights large enough that the input survives the chain: with the usual start all samples come out nearly alike.
    private const float WeightDeviation = 0.35f;

    // Of the largest output. Single precision has 6e-8; the longest chain here has eleven products.
    private const double Tolerance = 1e-6;

    // The same networks in PyTorch. The places count all layers, so the names of the weights must be Pondus's own.
    private const string Networks = """
        import sys
        import torch
        from safetensors.torch import load_file, save_file
        from torch import nn

        class Step(nn.Module):
            def forward(self, x):
                return (x > 0).to(x.dtype)

        def activations():
            return {
                "Step": Step(), "Sigmoid": nn.Sigmoid(), "Tanh": nn.Tanh(), "Relu": nn.ReLU(), "LeakyRelu": nn.LeakyReLU(0.1),
                "Elu": nn.ELU(1.5), "Selu": nn.SELU(), "Gelu": nn.GELU(), "GeluTanh": nn.GELU(approximate="tanh"),
                "Silu": nn.SiLU(), "Softplus": nn.Softplus(), "Softmax": nn.Softmax(dim=-1),
            }

        def network(name):
            if name == "All":
                layers = [nn.Flatten()]
                size = 15
                for key, activation in activations().items():
                    if key not in ("Step", "Softmax"):
                        layers += [nn.Linear(size, 19), activation, nn.Dropout(0.3)]
                        size = 19
                return nn.Sequential(*layers, nn.Linear(19, 5, bias=False)).eval()
            return nn.Sequential(nn.Flatten(), nn.Linear(15, 19), activations()[name], nn.Dropout(0.3), nn.Linear(19, 5, bias=False)).eval()

        job, folder, *names = sys.argv[1:]
        torch.manual_seed(1)
        x = load_file(f"{folder}/inputs.safetensors")["x"]
        for name in names:
            model = network(name)
            if job == "load":
                model.load_state_dict(load_file(f"{folder}/{name}.safetensors"), strict=True)
            else:
                for parameter in model.parameters():
                    nn.init.normal_(parameter, 0, 0.35)
                save_file(model.state_dict(), f"{folder}/{name}.safetensors")
            # The weights are single precision; PyTorch's own rounding is kept out of the comparison.
            with torch.no_grad():
                save_file({"y": model.double()(x.double())}, f"{folder}/{name}-outputs.safetensors")
        """;

    [Fact]
    public void Save_LoadedStrictlyByPyTorch_ComputesTheSame()
    {
        using TestFolder folder = new();
        float[] inputs = WriteInputs(folder);
        string[] names = [.. Activations().Keys, All];
        Sequential[] models = [.. names.Select(Network)];
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["lineage"] = "none" };
        for (int i = 0; i < names.Length; i++)
        {
            ModuleWeights.Save(models[i], folder.File($"{names[i]}.safetensors"), metadata);
        }

        // One process for all: importing PyTorch takes longer than the rest.
        Peers.RunPython(["-c", Networks, "load", folder.FullPath, .. names]);

        Repository.AssertNone(names.Zip(models).Select(pair => Difference(pair.First, pair.Second, inputs, folder)).OfType<string>());
    }

    [Fact]
    public void Load_SavedByPyTorch_ComputesTheSame()
    {
        using TestFolder folder = new();
        float[] inputs = WriteInputs(folder);
        Sequential model = Network(All);
        Peers.RunPython(["-c", Networks, "save", folder.FullPath, All]);

        ModuleWeights.Load(model, folder.File($"{All}.safetensors"));

        Assert.Null(Difference(All, model, inputs, folder));
    }

    private static Dictionary<string, Layer> Activations() => new(StringComparer.Ordinal)
    {
        ["Step"] = new Heaviside(),
        ["Sigmoid"] = new Sigmoid(),
        ["Tanh"] = new Tanh(),
        ["Relu"] = new Relu(),
        ["LeakyRelu"] = new LeakyRelu(0.1f),
        ["Elu"] = new Elu(1.5f),
        ["Selu"] = new Selu(),
        ["Gelu"] = new Gelu(),
        ["GeluTanh"] = new Gelu(tanhApproximation: true),
        ["Silu"] = new Silu(),
        ["Softplus"] = new Softplus(),
        ["Softmax"] = new Softmax(),
    };

    private static Sequential Network(string name)
    {
        RandomSource random = new(17);
        List<Layer> layers = [new Flatten()];
        int size = Inputs;
        foreach ((string key, Layer activation) in Activations())
        {
            // In the long chain a step would make rounding visible, and a softmax would leave nothing to tell apart.
            if (name == All ? key is not ("Step" or "Softmax") : key == name)
            {
                layers.AddRange([new Linear(size, Width, random, weightInitializer: new Normal(0f, WeightDeviation)), activation, new Dropout(0.3f, random)]);
                size = Width;
            }
        }

        layers.Add(new Linear(Width, Classes, random, useBias: false));
        return new Sequential([.. layers]);
    }

    private static float[] WriteInputs(TestFolder folder)
    {
        float[] inputs = new float[BatchSize * Inputs];
        new RandomSource(3).FillNormal(inputs, 0f, 2f);
        SafetensorsWriter.Save(folder.File("inputs.safetensors"), [WeightEntry.OfSingle("x", [BatchSize, 3, 5], inputs)]);
        return inputs;
    }

    /// <summary>What is wrong with the outputs of a network, or null.</summary>
    private static string? Difference(string name, Sequential model, float[] inputs, TestFolder folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(folder.File($"{name}-outputs.safetensors"));
        float[] expected = Assert.Single(file.Entries).ReadSingle();
        Tensor x = Tensor.Of(inputs, [BatchSize, 3, 5]);
        float[] actual = Inference.Run((model, x), static given => given.model.Forward(given.x).ToArray());

        Assert.Equal(BatchSize * Classes, expected.Length);
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Max(MathF.Abs);
        double distance = expected.Zip(actual, static (e, a) => Math.Abs((double)e - a)).Max();
        if (!(distance <= Tolerance * largest))
        {
            return $"{name}: expected outputs within {Tolerance} of {largest}, got a distance of {distance}.";
        }

        // Samples that come out nearly alike would agree whatever the network does.
        return Math.Abs(expected[0] - expected[Classes]) > 0.01f * largest ? null : $"{name}: expected outputs that depend on the input, got nearly the same for two.";
    }
}
