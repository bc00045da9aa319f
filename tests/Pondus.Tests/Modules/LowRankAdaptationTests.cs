using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Networks;
using Pondus.Optimizers;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Modules;

public sealed class LowRankAdaptationTests
{
    public static TheoryData<string> Networks => ["mlp", "encoder", "gpt", "vit"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Attach_NewAdapters_ChangeNothingAndLeaveOnlyThemselvesToTrain(string name)
    {
        (Layer network, Tensor x) = Make(name);
        float[] before = network.Forward(x).ToArray();
        IReadOnlyList<string> adapted = LowRankAdaptation.Attach(network, 2, 4, new RandomSource(5));
        Assert.NotEmpty(adapted);
        Close(before, network.Forward(x).ToArray(), 1e-6f);
        Assert.Equal(
            adapted.SelectMany(static a => new[] { $"{a}.lora_A.weight", $"{a}.lora_B.weight" }).Order(StringComparer.Ordinal),
            network.NamedParameters().Where(static p => p.Parameter.RequiresGradient).Select(static p => p.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_Adapters_HaveTheGradientsOfTheFunction(string name)
    {
        (Layer network, Tensor x) = Make(name);
        LowRankAdaptation.Attach(network, 2, 4, new RandomSource(5));
        Parameter[] trained = [.. network.Parameters.Where(static p => p.RequiresGradient)];
        RandomSource random = new(6);
        foreach (Parameter parameter in trained)
        {
            parameter.Set([.. Enumerable.Range(0, parameter.Count).Select(_ => 0.3f * random.NextNormal())]);
        }

        GradientCheck.Check(name, _ => network.Forward(x), [], trained);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Merge_TrainedAdapters_GiveTheSameOutputsWithoutThem(string name)
    {
        (Layer network, Tensor x) = Make(name);
        string[] names = [.. network.NamedParameters().Select(static p => p.Name)];
        float[] plain = network.Forward(x).ToArray();
        IReadOnlyList<string> adapted = LowRankAdaptation.Attach(network, 2, 4, new RandomSource(5));
        float[][] frozen = [.. network.Parameters.Where(static p => !p.RequiresGradient).Select(static p => p.ToArray())];
        Train(network, x);
        Assert.Equal(frozen, network.Parameters.Where(static p => !p.RequiresGradient).Select(static p => p.ToArray()));
        float[] trained = network.Forward(x).ToArray();
        Assert.Contains(trained.Zip(plain), static p => MathF.Abs(p.First - p.Second) > 1e-3f);
        Close(trained, Inference.Run((network, x), static s => s.network.Forward(s.x).ToArray()), 1e-5f);
        Assert.Equal(adapted.Count, LowRankAdaptation.Merge(network));
        Close(trained, network.Forward(x).ToArray(), 1e-5f);
        Assert.Equal(names, network.NamedParameters().Select(static p => p.Name));
    }

    [Fact]
    public void Load_AdaptersKeptAlone_GiveTheSameBits()
    {
        using TestFolder folder = new();
        (Layer network, Tensor x) = Make("gpt");
        ModuleWeights.Save(network, folder.File("base.safetensors"));
        LowRankAdaptation.Attach(network, 2, 4, new RandomSource(5), ["*.attn.*"]);
        Train(network, x);
        AdapterFile.Save(network, folder.File("adapter.safetensors"), 2, 4);
        (Layer other, _) = Make("gpt", seed: 8);
        ModuleWeights.Load(other, folder.File("base.safetensors"));
        AdapterFile.Load(other, folder.File("adapter.safetensors"));
        Assert.Equal(network.Forward(x).ToArray(), other.Forward(x).ToArray());
        using WeightFile file = WeightFile.Open(folder.File("adapter.safetensors"));
        Assert.All(file.Entries, static e => Assert.StartsWith("base_model.model.transformer.h.", e.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_AdaptersOfAnotherNetwork_NamesThemAndLeavesTheNetworkAlone()
    {
        using TestFolder folder = new();
        (Layer gpt, _) = Make("gpt");
        LowRankAdaptation.Attach(gpt, 2, 4, new RandomSource(5), ["*0.mlp.c_fc"]);
        AdapterFile.Save(gpt, folder.File("a.safetensors"), 2, 4);
        (Layer mlp, _) = Make("mlp");
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => AdapterFile.Load(mlp, folder.File("a.safetensors")));
        Assert.Contains("expected adapters of linear maps of Mlp, got transformer.h.0.mlp.c_fc.", error.Message, StringComparison.Ordinal);
        Assert.All(mlp.Parameters, static p => Assert.True(p.RequiresGradient));
    }

    [Fact]
    public void Load_AdaptersThatDoNotFit_NamesAllAndLeavesTheNetworkAlone()
    {
        // A rank of two thousand million would take tens of gigabytes if it were believed.
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["lora_rank"] = "2000000000", ["lora_alpha"] = "4" };
        WeightEntry[] entries =
        [
            WeightEntry.OfSingle("base_model.model.0.lora_A.weight", [2, 6], new float[12]),
            new WeightEntry("base_model.model.2.bias", "int32", [3], new byte[12]),
            WeightEntry.OfSingle("base_model.model.none", [1], new float[1]),
        ];
        using TestFolder folder = new();
        SafetensorsWriter.Save(folder.File("a.safetensors"), entries, metadata);
        (Layer mlp, _) = Make("mlp");
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => AdapterFile.Load(mlp, folder.File("a.safetensors")));
        Assert.Contains("'0.lora_A.weight' expected (2000000000, 6), got (2, 6)", error.Message, StringComparison.Ordinal);
        Assert.Contains("'2.bias' expected floating-point values, got int32", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected 'none'", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing '0.lora_B.weight'", error.Message, StringComparison.Ordinal);
        Assert.All(mlp.Parameters, static p => Assert.True(p.RequiresGradient));
        Assert.DoesNotContain(mlp.NamedParameters(), static p => p.Name.Contains("lora", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NameWithAndWithoutPrefix_IsRefused()
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["lora_rank"] = "2", ["lora_alpha"] = "4" };
        using TestFolder folder = new();
        SafetensorsWriter.Save(folder.File("a.safetensors"), [WeightEntry.OfSingle("x", [1], new float[1]), WeightEntry.OfSingle("base_model.model.x", [1], new float[1])], metadata);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => AdapterFile.Load(Make("mlp").Network, folder.File("a.safetensors")));
        Assert.Contains("expected each name once, got 'x' with and without 'base_model.model.'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_PatternOfNothing_NamesTheLinearMaps()
    {
        (Layer mlp, _) = Make("mlp");
        ArgumentException error = Assert.Throws<ArgumentException>(() => LowRankAdaptation.Attach(mlp, 2, 4, new RandomSource(5), ["fc*"]));
        Assert.StartsWith("LoRA: expected a pattern that matches a linear map, got fc*. Linear maps: 0, 2.", error.Message, StringComparison.Ordinal);
    }

    private static (Layer Network, Tensor X) Make(string name, ulong seed = 1)
    {
        RandomSource random = new(seed);
        return name switch
        {
            "mlp" => (new Mlp([6], [5], 3, random), Tensor.Uniform([4, 6], -1f, 1f, new RandomSource(2))),
            "encoder" => (new TransformerEncoderLayer(8, 2, random, new TransformerSettings { Activation = TransformerActivation.Gelu }), Tensor.Uniform([2, 3, 8], -1f, 1f, new RandomSource(2))),
            "gpt" => (new Gpt(new GptSettings { Vocabulary = 11, Context = 6, Layers = 2, Heads = 2, Width = 8 }, random), Tensor.Of([1f, 2f, 3f, 10f, 0f, 5f], [2, 3])),
            _ => (new VisionTransformer(new VisionTransformerSettings { ImageSize = 8, Channels = 1, PatchSize = 4, Layers = 1, Heads = 2, Width = 8, Classes = 3 }, random), Tensor.Uniform([2, 1, 8, 8], -1f, 1f, new RandomSource(2))),
        };
    }

    private static void Train(Layer network, Tensor x)
    {
        Adam optimizer = new(network.Parameters, new AdamOptions(LearningRate: 0.05f));
        MeanSquaredError loss = new();
        for (int i = 0; i < 5; i++)
        {
            Step.Begin();
            Tensor y = network.Forward(x);
            loss.Forward(y, Tensor.Uniform(y.Shape, -1f, 1f, new RandomSource(3))).Backward();
            optimizer.Step();
        }

        Step.End();
    }

    private static void Close(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
        }
    }
}
