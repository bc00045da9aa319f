using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Networks;
using Pondus.Optimizers;

namespace Pondus.Benchmarks.Workloads;

/// <summary>The trainings that are measured. A name that ends in - or + has widths one less or one more.</summary>
internal static class WorkloadCatalog
{
    private const int TableRows = 1_000_000;
    private const int MiniBatch = 1024;

    public static IReadOnlyList<Workload> All { get; } =
    [
        Tabular("mlp_tabular", 64),
        Tabular("mlp_tabular-", 63),
        Tabular("mlp_tabular+", 65),
        Fashion("mlp_mnist", 784, 512, 256),
        Fashion("mlp_mnist-", 783, 511, 255),
        Fashion("mlp_mnist+", 785, 513, 257),
        Pictures(),
        Residual(),
        Characters(),
        Transformer(),
        Regression("linear_full", logistic: false, TableRows),
        Regression("linear_mini", logistic: false, MiniBatch),
        Regression("logistic_full", logistic: true, TableRows),
        Regression("logistic_mini", logistic: true, MiniBatch),
    ];

    public static Workload Get(string name) => name.StartsWith(ScalingCatalog.Prefix, StringComparison.Ordinal)
        ? ScalingCatalog.Get(name)
        : All.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"bench: expected one of {string.Join(", ", All.Select(static w => w.Name))}, got '{name}'.");

    private static Workload Tabular(string name, int width) => Perceptron(
        name, [16, width, width, 1], 64, 1, WorkloadData.Tabular, static () => new MeanSquaredError(), MakeAdam);

    private static Workload Fashion(string name, int inputs, int first, int second) => Perceptron(
        name, [inputs, first, second, 10], 128, 60_000 / 128 + 1, () => WorkloadData.Fashion("train", [inputs]), static () => new CrossEntropy(), MakeAdam) with
    {
        LoadTest = () => WorkloadData.Fashion("t10k", [inputs]),
    };

    private static Workload Pictures() => new(
        "cnn_fashion",
        128,
        1,
        static () => WorkloadData.Fashion("train", [1, 28, 28]),
        static () => BuildCnn(new RandomSource(1)),
        static () => new CrossEntropy(),
        MakeAdam)
    {
        LoadTest = static () => WorkloadData.Fashion("t10k", [1, 28, 28]),
    };

    /// <summary>Two convolutions with poolings, two linear layers.</summary>
    public static Sequential BuildCnn(RandomSource random) => new(
        new Conv2d(1, 32, 3, random, padding: 1),
        new Relu(),
        new MaxPool2d(2),
        new Conv2d(32, 64, 3, random, padding: 1),
        new Relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(3136, 128, random),
        new Relu(),
        new Linear(128, 10, random));

    private static Workload Residual() => new(
        "resnet_cifar",
        128,
        1,
        WorkloadData.Cifar,
        static () => new ResNet(3, 10, ResNetOptions.OfDepth(20) with { PadsShortcuts = false }, new RandomSource(1)),
        static () => new CrossEntropy(),
        static model => MakeMomentum(model, 0.05f))
    {
        // At 0.05 this start amplifies a rounding ten thousandfold within 20 steps: PyTorch's own float32 and float64 differ by 3 % then, and by more on the way.
        MakeCheckOptimizer = static model => MakeMomentum(model, 0.001f),
    };

    private static Workload Regression(string name, bool logistic, int batch) => Perceptron(
        name,
        [20, 1],
        batch,
        (TableRows + batch - 1) / batch,
        () => WorkloadData.Regression(TableRows, logistic),
        logistic ? static () => new BinaryCrossEntropy() : static () => new MeanSquaredError(),
        static model => new Sgd(model.Parameters, new SgdOptions(0.1f)));

    private static Workload Characters() => new(
        "lstm_char",
        64,
        1,
        static () => WorkloadData.Characters(context: 64),
        static () => BuildLstm(new RandomSource(1)),
        static () => new CrossEntropy(),
        static model => new Adam(model.Parameters, new AdamOptions(LearningRate: 2e-3f)));

    private static Workload Transformer() => new(
        "gpt_char",
        16,
        1,
        static () => WorkloadData.Characters(context: 128),
        static () => new Gpt(new GptSettings { Vocabulary = WorkloadData.CharacterCount, Bias = false }, new RandomSource(1)),
        static () => new CrossEntropy(),
        static model => new AdamW(model.Parameters, new AdamWOptions(LearningRate: 1e-3f, Beta2: 0.99f, WeightDecay: 0.1f)));

    public static Sequential BuildLstm(RandomSource random) =>
        new(new Embedding(WorkloadData.CharacterCount, 64, random), new Lstm(64, 256, random), new Linear(256, WorkloadData.CharacterCount, random));

    private static Workload Perceptron(string name, int[] sizes, int batch, int stepsPerTime, Func<Dataset> load, Func<Loss> makeLoss, Func<Layer, Optimizer> makeOptimizer) =>
        new(name, batch, stepsPerTime, load, () => BuildPerceptron(sizes, new RandomSource(1)), makeLoss, makeOptimizer) { Sizes = sizes };

    public static Sequential BuildPerceptron(int[] sizes, RandomSource random)
    {
        List<Layer> layers = [];
        for (int i = 1; i < sizes.Length; i++)
        {
            layers.Add(new Linear(sizes[i - 1], sizes[i], random));
            if (i < sizes.Length - 1)
            {
                layers.Add(new Relu());
            }
        }

        return new Sequential([.. layers]);
    }

    private static Sgd MakeMomentum(Layer model, float learningRate) => new(model.Parameters, new SgdOptions(learningRate, Momentum: 0.9f, WeightDecay: 1e-4f));

    private static Adam MakeAdam(Layer model) => new(model.Parameters, new AdamOptions());
}
