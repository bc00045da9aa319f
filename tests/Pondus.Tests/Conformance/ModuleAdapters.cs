using Pondus.Layers;
using Pondus.Losses;

namespace Pondus.Tests.Conformance;

/// <summary>Which layer or loss of Pondus answers to which module of PyTorch's module_db.</summary>
internal static partial class ModuleAdapters
{
    private static readonly RandomSource s_random = new(1);

    /// <summary>All modules that Pondus has.</summary>
    public static IReadOnlyDictionary<string, Func<ConformanceModule, Tensor>> All { get; } =
        Layers().Concat(Activations()).Concat(Losses()).Concat(Recurrents()).ToDictionary(StringComparer.Ordinal);

    private static KeyValuePair<string, Func<ConformanceModule, Tensor>> Row(string name, Func<ConformanceModule, Tensor> adapter) => new(name, adapter);

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Layers()
    {
        yield return Row("Linear", static m => m.Run(new Linear(m.Constructor[0].Integer, m.Constructor[1].Integer, s_random, m.Constructor.Boolean(2, "bias", true))));
        yield return Row("Conv1d", static m => m.Run(new Conv1d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), m.Constructor.Integer(2, "kernel_size", 0), s_random, m.Constructor.Integer(3, "stride", 1),
            PaddingOf(m.Constructor, 1), m.Constructor.Integer(5, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
        yield return Row("Conv2d", static m => m.Run(new Conv2d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), Size(m.Constructor, 2, "kernel_size", 0), s_random, Size(m.Constructor, 3, "stride", 1),
            PaddingOf(m.Constructor, 2), Size(m.Constructor, 5, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
        yield return Row("BatchNorm1d", static m => m.Run(Norm(m, static (c, e, mo, a, t) => new BatchNorm1d(c, e, mo, a, t))));
        yield return Row("BatchNorm2d", static m => m.Run(Norm(m, static (c, e, mo, a, t) => new BatchNorm2d(c, e, mo, a, t))));
        yield return Row("LayerNorm", static m => m.Run(new LayerNorm(
            new Shape(m.Constructor.Integers(0, "normalized_shape")!), (float)m.Constructor.Number(1, "eps", 1e-5), m.Constructor.Boolean(2, "elementwise_affine", true), m.Constructor.Boolean(3, "bias", true) && m.Constructor.Boolean(2, "elementwise_affine", true))));
    }

    private static Layer Norm(ConformanceModule m, Func<int, float, float?, bool, bool, Layer> make) => make(
        m.Constructor.Integer(0, "num_features", 0), (float)m.Constructor.Number(1, "eps", 1e-5), m.Constructor.Count > 2 ? (float?)m.Constructor.Find(2, "momentum")?.Number : (float?)(m.Constructor.Find(-1, "momentum")?.Number ?? 0.1),
        m.Constructor.Boolean(3, "affine", true), m.Constructor.Boolean(4, "track_running_stats", true));

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Activations()
    {
        yield return Row("ReLU", static m => m.Run(new Relu()));
        yield return Row("LeakyReLU", static m => m.Run(new LeakyRelu((float)m.Constructor.Number(0, "negative_slope", 0.01))));
        yield return Row("ELU", static m => m.Run(new Elu((float)m.Constructor.Number(0, "alpha", 1))));
        yield return Row("SELU", static m => m.Run(new Selu()));
        yield return Row("SiLU", static m => m.Run(new Silu()));
        yield return Row("Sigmoid", static m => m.Run(new Sigmoid()));
        yield return Row("Tanh", static m => m.Run(new Tanh()));
        yield return Row("Softplus", static m => m.Run(new Softplus()));
        yield return Row("GELU", static m => m.Constructor.Text(0, "approximate", "none") == "none" ? m.Run(new Gelu()) : throw new UnsupportedSampleException("approximate"));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Losses()
    {
        yield return Row("MSELoss", static m => new MeanSquaredError(Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(1)));
        yield return Row("L1Loss", static m => new MeanAbsoluteError(Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(1)));
        yield return Row("HuberLoss", static m => new Huber((float)m.Constructor.Number(1, "delta", 1), Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(1)));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Recurrents()
    {
        yield return Row("RNN", static m => Walk(m, static c => new Rnn(
            c.Integer(0, "input_size", 0), c.Integer(1, "hidden_size", 0), s_random, c.Integer(2, "num_layers", 1), useBias: c.Boolean(4, "bias", true), batchFirst: c.Boolean(5, "batch_first", false),
            dropout: (float)c.Number(6, "dropout", 0), bidirectional: c.Boolean(7, "bidirectional", false), relu: c.Text(3, "nonlinearity", "tanh") == "relu")));
    }

    private static Tensor Walk(ConformanceModule m, Func<ConformanceCall, Recurrent> make)
    {
        Recurrent layer = m.Load(make(m.Constructor));
        return m.Call.Count > 1 ? throw new UnsupportedSampleException("initial state") : layer.Forward(m.Call.Tensor(0));
    }

    private static LossReduction Reduction(ConformanceModule m) => m.Constructor.Text(-1, "reduction", "mean") switch
    {
        "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "batchmean" => LossReduction.BatchMean,
        "none" => LossReduction.None,
        string other => throw new UnsupportedSampleException($"reduction {other}"),
    };

    private static Size2d Size(ConformanceCall call, int place, string name, int usual) => call.Integers(place, name, 2) switch
    {
        [int both] => both,
        [int height, int width] => (height, width),
        null => usual,
        int[] more => throw new UnsupportedSampleException($"{name} of {more.Length} numbers"),
    };

    private static Padding PaddingOf(ConformanceCall call, int axes)
    {
        if (call.Text(-1, "padding_mode", "zeros") is string mode && mode != "zeros")
        {
            throw new UnsupportedSampleException($"padding_mode {mode}");
        }

        ConformanceValue? padding = call.Find(4, "padding");
        return padding switch
        {
            null => 0,
            { IsText: true } when padding.Text == "same" => Padding.Same,
            { IsText: true } => 0,
            _ => padding.Integers(axes) switch { [int both] => both, int[] pair => (pair[0], pair[1]) },
        };
    }
}
