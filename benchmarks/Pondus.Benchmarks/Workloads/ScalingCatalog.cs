using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Networks;
using Pondus.Optimizers;

namespace Pondus.Benchmarks.Workloads;

/// <summary>One network in several sizes, to see how its cost grows: names such as <c>scale_batch_256</c>.</summary>
internal static class ScalingCatalog
{
    public const string Prefix = "scale_";
    private const int Inputs = 784;
    private const int Classes = 10;
    private const int SequenceBatch = 8;

    /// <summary>The sizes that are measured of each kind.</summary>
    public static IReadOnlyDictionary<string, int[]> Sizes { get; } = new Dictionary<string, int[]>(StringComparer.Ordinal)
    {
        ["batch"] = [16, 32, 64, 128, 256, 512, 1024],
        ["width"] = [64, 128, 256, 512, 1024, 2048],
        ["gpt"] = [32, 64, 128, 256, 512],
        ["lstm"] = [16, 32, 64, 128],
    };

    public static Workload Get(string name)
    {
        string[] parts = name[Prefix.Length..].Split('_');
        int size = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return parts[0] switch
        {
            "batch" => Perceptron(name, size, 512),
            "width" => Perceptron(name, 128, size),
            "gpt" => Sequences(name, size, () => new Gpt(new GptSettings { Vocabulary = WorkloadData.CharacterCount, Context = size, Bias = false }, new RandomSource(1))),
            "lstm" => Sequences(name, size, static () => WorkloadCatalog.BuildLstm(new RandomSource(1))),
            string other => throw new ArgumentException($"bench: expected one of {string.Join(", ", Sizes.Keys)}, got '{other}'."),
        };
    }

    /// <summary>Floating-point operations of a step of the perceptron of a width: forward, and backward to all but the input.</summary>
    public static double PerceptronWork(int batch, int width) => batch * ((6.0 * ((double)width * (Inputs + width + Classes))) - (2.0 * Inputs * width));

    /// <summary>Tokens of a step over sequences of a length.</summary>
    public static int Tokens(int length) => SequenceBatch * length;

    private static Workload Perceptron(string name, int batch, int width) =>
        new(name, batch, 1, static () => Noise(4096), () => WorkloadCatalog.BuildPerceptron([Inputs, width, width, Classes], new RandomSource(1)), static () => new CrossEntropy(), MakeAdam);

    private static Workload Sequences(string name, int length, Func<Layer> build) =>
        new(name, SequenceBatch, 1, () => WorkloadData.Characters(length), build, static () => new CrossEntropy(), MakeAdam);

    private static Dataset Noise(int count)
    {
        RandomSource random = new(1);
        float[] inputs = new float[count * Inputs];
        random.FillNormal(inputs, 0f, 1f);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(Classes))];
        return new Dataset(inputs, [Inputs], labels, [.. Enumerable.Range(0, Classes).Select(static c => $"{c}")]);
    }

    private static Adam MakeAdam(Layer model) => new(model.Parameters, new AdamOptions());
}
