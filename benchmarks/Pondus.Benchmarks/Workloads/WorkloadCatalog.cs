using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
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
        Characters(),
        Regression("linear_full", logistic: false, TableRows),
        Regression("linear_mini", logistic: false, MiniBatch),
        Regression("logistic_full", logistic: true, TableRows),
        Regression("logistic_mini", logistic: true, MiniBatch),
    ];

    public static Workload Get(string name) => All.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"bench: expected one of {string.Join(", ", All.Select(static w => w.Name))}, got '{name}'.");

    private static Workload Tabular(string name, int width) => Perceptron(
        name, [16, width, width, 1], 64, 1, WorkloadData.Tabular, static () => new MeanSquaredError(), MakeAdam);

    private static Workload Fashion(string name, int inputs, int first, int second) => Perceptron(
        name, [inputs, first, second, 10], 128, 60_000 / 128 + 1, () => WorkloadData.Fashion("train", inputs), static () => new CrossEntropy(), MakeAdam);

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

    private static Sequential BuildLstm(RandomSource random) =>
        new(new Embedding(WorkloadData.CharacterCount, 64, random), new Lstm(64, 256, random), new Linear(256, WorkloadData.CharacterCount, random));

    private static Workload Perceptron(string name, int[] sizes, int batch, int stepsPerTime, Func<Dataset> load, Func<Loss> makeLoss, Func<Layer, Optimizer> makeOptimizer) =>
        new(name, batch, stepsPerTime, load, () => BuildPerceptron(sizes, new RandomSource(1)), makeLoss, makeOptimizer) { Sizes = sizes };

    private static Sequential BuildPerceptron(int[] sizes, RandomSource random)
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

    private static Adam MakeAdam(Layer model) => new(model.Parameters, new AdamOptions());
}
