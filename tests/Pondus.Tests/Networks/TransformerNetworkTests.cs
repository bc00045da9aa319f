using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Losses;
using Pondus.Networks;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Networks;

/// <summary>Networks of Hugging Face's Transformers load by name and give its outputs; generation from a cache gives what full passes give.</summary>
[Collection(ProcessWide.Name)]
public sealed class TransformerNetworkTests
{
    private static readonly GptSettings s_small = new() { Vocabulary = 11, Context = 24, Layers = 2, Heads = 2, Width = 12 };

    [Fact]
    public void Gpt_Gpt2OfHuggingFace_GivesItsLogitsAndGreedyText()
    {
        string folder = TestData.PathOf("fixtures/transformers/gpt2");
        Gpt network = new(new GptSettings { Vocabulary = 400, Context = 64, Layers = 2, Heads = 4, Width = 40 }, new RandomSource(1));
        ModuleWeights.Load(network, Path.Combine(folder, "model.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        int[] prompt = Integers(expected, "input_ids");
        AssertClose(expected.ReadSingle("logits"), network.Forward(Tensor.Of(Array.ConvertAll(prompt, static t => (float)t), [1, 10])));

        Generator generator = new(network, new GenerationSettings { Temperature = 0f });
        int[] greedy = Integers(expected, "greedy_ids");
        Assert.Equal(greedy[10..], generator.Generate(prompt, greedy.Length - 10));

        // Rows that are padded at their ends agree where they are not.
        int[] batch = Integers(expected, "batch_input_ids"), mask = Integers(expected, "batch_attention_mask");
        int[] lengths = [.. mask.Chunk(18).Select(static row => row.Sum())];
        float[] logits = network.Forward(Tensor.Of(Array.ConvertAll(batch, static t => (float)t), [2, 18]), lengths).ToArray(), theirs = expected.ReadSingle("batch_logits");
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] == 1)
            {
                AssertClose(theirs[(i * 400)..((i + 1) * 400)], Tensor.Of(logits.AsSpan(i * 400, 400)));
            }
        }
    }

    [Fact]
    public void Gpt_SavedAndLoaded_KeepsNamesAndShapesOfTheFile()
    {
        string path = Path.Combine(TestData.PathOf("fixtures/transformers/gpt2"), "model.safetensors");
        Gpt network = new(new GptSettings { Vocabulary = 400, Context = 64, Layers = 2, Heads = 4, Width = 40 }, new RandomSource(1));
        ModuleWeights.Load(network, path);
        using TestFolder folder = new();
        ModuleWeights.Save(network, folder.File("saved.safetensors"));
        using SafetensorsFile theirs = SafetensorsFile.Open(path), ours = SafetensorsFile.Open(folder.File("saved.safetensors"));
        Assert.Equal(theirs.Entries.Select(Describe).Order(StringComparer.Ordinal), ours.Entries.Select(Describe).Order(StringComparer.Ordinal));
        Assert.All(theirs.Entries, entry => Assert.Equal(entry.ReadSingle(), ours.ReadSingle(entry.Name)));

        static string Describe(WeightEntry entry) => $"{entry.Name} ({string.Join(", ", entry.Shape.ToArray())})";
    }

    [Fact]
    public void VisionTransformer_VitOfHuggingFace_GivesItsLogits()
    {
        string folder = TestData.PathOf("fixtures/transformers/vit");
        VisionTransformer network = new(new VisionTransformerSettings { ImageSize = 32, PatchSize = 8, Classes = 5, Layers = 2, Heads = 4, Width = 40, Inner = 80 }, new RandomSource(1));
        ModuleWeights.Load(network, Path.Combine(folder, "model.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        AssertClose(expected.ReadSingle("logits"), network.Forward(Tensor.Of(expected.ReadSingle("pixel_values"), [2, 3, 32, 32])));
    }

    [Theory]
    [InlineData(true, true, 0f)]
    [InlineData(false, false, 0f)]
    [InlineData(true, false, 0.2f)]
    public void Gpt_Gradient_IsTheSlope(bool bias, bool tied, float dropout)
    {
        Gpt network = new(s_small with { Bias = bias, TiedHead = tied, Dropout = dropout }, new RandomSource(1));
        Tensor x = Tensor.Of([1f, 5f, 10f, 2f, 2f, 0f, 7f, 1f, 3f, 3f], [2, 5]);
        int[] labels = [5, 10, 2, 2, 0, 7, 1, 3, 3, 4];

        // Weights of the start's size would leave nothing but the logits' own scale to be seen.
        RandomSource random = new(2);
        foreach (Parameter parameter in network.Parameters)
        {
            parameter.Set(Tensor.Normal([parameter.Count], 0f, 0.4f, random).Values);
        }

        GradientCheck.Check("gpt", _ => new CrossEntropy().Forward(network.Forward(x), labels), [], [.. network.Parameters], new PassContext(IsTraining: true, new RandomSource(3), StepNumber: 1));
    }

    [Fact]
    public void VisionTransformer_Gradient_IsTheSlope()
    {
        VisionTransformer network = new(new VisionTransformerSettings { ImageSize = 8, PatchSize = 4, Channels = 2, Classes = 3, Layers = 2, Heads = 2, Width = 8 }, new RandomSource(1));
        GradientCheck.Check("vit", x => network.Forward(x[0]), [Tensor.Normal([2, 2, 8, 8], 0f, 1f, new RandomSource(2))], [.. network.Parameters]);
    }

    [Fact]
    public void Forward_WithCaches_GivesTheLogitsOfAFullPass()
    {
        Gpt network = new(s_small, new RandomSource(1));
        int[] tokens = [.. Enumerable.Range(0, 24).Select(static i => i * 7 % 11)];
        float[] full = network.Forward(Tensor.Of(Array.ConvertAll(tokens, static t => (float)t), [1, 24])).ToArray();
        IReadOnlyList<KeyValueCache> caches = network.MakeCaches();
        List<float> stepped = [.. Inference.Run((network, caches, tokens), static s => s.network.Forward(s.tokens.AsSpan(0, 15), s.caches).ToArray())];
        for (int i = 15; i < 24; i++)
        {
            stepped.AddRange(Inference.Run((network, caches, tokens, i), static s => s.network.Forward(s.tokens.AsSpan(s.i, 1), s.caches).ToArray()));
        }

        Assert.Equal(full.Length, stepped.Count);
        Assert.All(full.Zip(stepped), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Throws<ShapeException>(() => Inference.Run((network, caches), static s => s.network.Forward([1], s.caches).ToArray()));
    }

    [Fact]
    public void Generate_Settings_LimitTheChoice()
    {
        Gpt network = new(s_small, new RandomSource(1));
        int[] One(GenerationSettings settings) => new Generator(network, settings).Generate([3], 20);
        int[] greedy = One(new GenerationSettings { Temperature = 0f });
        Assert.Equal(greedy, One(new GenerationSettings { TopK = 1, Seed = 5 }));
        Assert.Equal(greedy, One(new GenerationSettings { TopP = 1e-6f, Seed = 5 }));
        Assert.Equal(One(new GenerationSettings { Seed = 5 }), One(new GenerationSettings { Seed = 5 }));
        Assert.NotEqual(One(new GenerationSettings { Seed = 5 }), One(new GenerationSettings { Seed = 6 }));
        Assert.Empty(One(new GenerationSettings { Temperature = 0f, StopToken = greedy[0] }));
        Assert.Equal(100, new Generator(network, new GenerationSettings()).Generate([3], 100).Length);
    }

    [Fact]
    public void Generator_SettingsOutside_AreRefused()
    {
        Gpt network = new(s_small, new RandomSource(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Generator(network, new GenerationSettings { Temperature = -1f }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Generator(network, new GenerationSettings { TopK = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Generator(network, new GenerationSettings { TopP = 0f }));
        Assert.Throws<InvalidOperationException>(() => new Generator(network).Next());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gpt(s_small with { Heads = 5 }, new RandomSource(1)));
        Assert.Equal(
            "Gpt(2 layers, 2 heads, width 12, context 24, vocabulary 11): expected tokens of shape (batch, at most 24), got (1, 25).",
            Assert.Throws<ShapeException>(() => network.Forward(Tensor.Zeros([1, 25]))).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Gpt_AnyThreadCount_GivesTheSameGradients(int threads)
    {
        float[] Gradients(int count)
        {
            using PoolThreads _ = new(count);
            Gpt network = new(new GptSettings { Vocabulary = 65 }, new RandomSource(1));
            int[] tokens = [.. Enumerable.Range(0, 3 * 128).Select(static i => i * i % 65)];
            Step.Begin(new PassContext(IsTraining: true));
            new CrossEntropy().Forward(network.Forward(Tensor.Of(Array.ConvertAll(tokens, static t => (float)t), [3, 128])), tokens).Backward();
            Step.End();
            return [.. network.Parameters.SelectMany(static p => p.Gradient.ToArray())];
        }

        Assert.Equal(Gradients(1), Gradients(threads));
    }

    private static int[] Integers(SafetensorsFile file, string name) =>
        [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(file.Find(name)!.ReadBytes()).ToArray().Select(static v => (int)v)];

    private static void AssertClose(float[] expected, Tensor actual)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(values), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0f, 1e-4f * largest));
    }
}
