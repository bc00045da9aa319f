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
    private const int FashionBatch = 128;
    private const int FashionSteps = 60_000 / FashionBatch + 1;

    public static IReadOnlyList<Workload> All { get; } =
    [
        Tabular("mlp_tabular", 64),
        Tabular("mlp_tabular-", 63),
        Tabular("mlp_tabular+", 65),
        Fashion("mlp_mnist", 784, 512, 256),
        Fashion("mlp_mnist-", 783, 511, 255),
        Fashion("mlp_mnist+", 785, 513, 257),
        Regression("linear_full", logistic: false, TableRows),
        Regression("linear_mini", logistic: false, MiniBatch),
        Regression("logistic_full", logistic: true, TableRows),
        Regression("logistic_mini", logistic: true, MiniBatch),
        new("cnn_fashion", FashionBatch, FashionSteps, () => WorkloadData.Fashion("train", [1, 28, 28]), MakeCnn, static () => new CrossEntropy(), MakeAdam)
        {
            LoadTest = () => WorkloadData.Fashion("t10k", [1, 28, 28]),
        },
        new("resnet_cifar", 128, 1, WorkloadData.Cifar, static random => new ResNet(3, 10, ResNetOptions.OfDepth(20) with { PadsShortcuts = false }, random), static () => new CrossEntropy(), static model => MakeMomentum(model, 0.05f))
        {
            // At 0.05 this start amplifies a rounding ten thousandfold within 20 steps: PyTorch's own float32 and float64 differ by 3 % then, and by 60 % on the way.
            MakeCheckOptimizer = static model => MakeMomentum(model, 0.001f),
        },
    ];

    public static Workload Get(string name) => All.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"bench: expected one of {string.Join(", ", All.Select(static w => w.Name))}, got '{name}'.");

    private static Workload Tabular(string name, int width) => Perceptron(
        name, [16, width, width, 1], new Workload(name, 64, 1, WorkloadData.Tabular, null!, static () => new MeanSquaredError(), MakeAdam));

    private static Workload Fashion(string name, int inputs, int first, int second) => Perceptron(
        name,
        [inputs, first, second, 10],
        new Workload(name, FashionBatch, FashionSteps, () => WorkloadData.Fashion("train", [inputs]), null!, static () => new CrossEntropy(), MakeAdam)
        {
            LoadTest = name == "mlp_mnist" ? () => WorkloadData.Fashion("t10k", [inputs]) : null,
        });

    private static Workload Regression(string name, bool logistic, int batch) => Perceptron(
        name,
        [20, 1],
        new Workload(
            name,
            batch,
            (TableRows + batch - 1) / batch,
            () => WorkloadData.Regression(TableRows, logistic),
            null!,
            logistic ? static () => new BinaryCrossEntropy() : static () => new MeanSquaredError(),
            static model => new Sgd(model.Parameters, new SgdOptions(0.1f))));

    private static Workload Perceptron(string name, int[] sizes, Workload workload) =>
        workload with { Name = name, Sizes = sizes, Make = random => new Mlp([sizes[0]], sizes.AsSpan(1..^1), sizes[^1], random) };

    private static Sequential MakeCnn(RandomSource random) => new(
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

    private static Adam MakeAdam(Layer model) => new(model.Parameters, new AdamOptions());

    private static Sgd MakeMomentum(Layer model, float learningRate) => new(model.Parameters, new SgdOptions(learningRate, Momentum: 0.9f, WeightDecay: 1e-4f));
}
