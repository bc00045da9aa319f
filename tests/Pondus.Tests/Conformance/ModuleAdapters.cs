using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Which layer or loss of Pondus answers to which module of PyTorch's module_db.</summary>
internal static partial class ModuleAdapters
{
    private static readonly RandomSource s_random = new(1);

    /// <summary>All modules that Pondus has.</summary>
    public static IReadOnlyDictionary<string, Func<ConformanceModule, Tensor>> All { get; } =
        Layers().Concat(Norms()).Concat(Poolings()).Concat(Paddings()).Concat(Activations()).Concat(Losses()).Concat(Recurrents()).Concat(Attentions()).ToDictionary(StringComparer.Ordinal);

    private static KeyValuePair<string, Func<ConformanceModule, Tensor>> Row(string name, Func<ConformanceModule, Tensor> adapter) => new(name, adapter);

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Layers()
    {
        yield return Row("Linear", static m => m.Run(new Linear(m.Constructor.Integer(0, "in_features", 0), m.Constructor.Integer(1, "out_features", 0), s_random, m.Constructor.Boolean(2, "bias", true))));
        yield return Row("Conv1d", static m => m.Run(new Conv1d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), m.Constructor.Integer(2, "kernel_size", 0), s_random, m.Constructor.Integer(3, "stride", 1),
            PaddingOf(m.Constructor, 1), m.Constructor.Integer(5, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
        yield return Row("Conv2d", static m => m.Run(new Conv2d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), Size(m.Constructor, 2, "kernel_size", 0), s_random, Size(m.Constructor, 3, "stride", 1),
            PaddingOf(m.Constructor, 2), Size(m.Constructor, 5, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
        yield return Row("ConvTranspose1d", static m => m.Run(new ConvTranspose1d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), m.Constructor.Integer(2, "kernel_size", 0), s_random, m.Constructor.Integer(3, "stride", 1),
            m.Constructor.Integer(4, "padding", 0), m.Constructor.Integer(5, "output_padding", 0), m.Constructor.Integer(8, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
        yield return Row("ConvTranspose2d", static m => m.Run(new ConvTranspose2d(
            m.Constructor.Integer(0, "in_channels", 0), m.Constructor.Integer(1, "out_channels", 0), Size(m.Constructor, 2, "kernel_size", 0), s_random, Size(m.Constructor, 3, "stride", 1),
            Size(m.Constructor, 4, "padding", 0), Size(m.Constructor, 5, "output_padding", 0), Size(m.Constructor, 8, "dilation", 1), m.Constructor.Integer(6, "groups", 1), m.Constructor.Boolean(7, "bias", true))));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Norms()
    {
        yield return Row("BatchNorm1d", static m => m.Run(Norm(m, static (c, e, mo, a, t) => new BatchNorm1d(c, e, mo, a, t))));
        yield return Row("BatchNorm2d", static m => m.Run(Norm(m, static (c, e, mo, a, t) => new BatchNorm2d(c, e, mo, a, t))));
        yield return Row("LayerNorm", static m => m.Run(new LayerNorm(
            new Shape(m.Constructor.Integers(0, "normalized_shape")!), (float)m.Constructor.Number(1, "eps", 1e-5), m.Constructor.Boolean(2, "elementwise_affine", true), m.Constructor.Boolean(3, "bias", true) && m.Constructor.Boolean(2, "elementwise_affine", true))));
        yield return Row("RMSNorm", static m => m.Run(new RmsNorm(
            new Shape(m.Constructor.Integers(0, "normalized_shape")!), (float)m.Constructor.Number(1, "eps", 2.3e-16), m.Constructor.Boolean(2, "elementwise_affine", true))));
        yield return Row("GroupNorm", static m => m.Run(new GroupNorm(
            m.Constructor.Integer(0, "num_groups", 0), m.Constructor.Integer(1, "num_channels", 0), (float)m.Constructor.Number(2, "eps", 1e-5), Affine(m.Constructor, 3, usual: true))));
        yield return Row("InstanceNorm1d", static m => m.Run(new InstanceNorm1d(m.Constructor.Integer(0, "num_features", 0), (float)m.Constructor.Number(1, "eps", 1e-5), InstanceAffine(m.Constructor))));
        yield return Row("InstanceNorm2d", static m => m.Run(new InstanceNorm2d(m.Constructor.Integer(0, "num_features", 0), (float)m.Constructor.Number(1, "eps", 1e-5), InstanceAffine(m.Constructor))));
    }

    private static bool Affine(ConformanceCall c, int place, bool usual) => c.Boolean(-1, "bias", true)
        ? c.Boolean(place, "affine", usual)
        : throw new UnsupportedSampleException("a weight without a bias");

    private static bool InstanceAffine(ConformanceCall c)
    {
        // Of no effect without running statistics.
        c.Find(2, "momentum");
        return c.Boolean(4, "track_running_stats", false)
            ? throw new UnsupportedSampleException("track_running_stats")
            : Affine(c, 3, usual: false);
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Poolings()
    {
        yield return Row("MaxPool1d", static m => Max(m, c => new MaxPool1d(c.Integer(0, "kernel_size", 0), c.Find(1, "stride")?.Integer, c.Integer(2, "padding", 0), c.Integer(3, "dilation", 1), c.Boolean(-1, "ceil_mode", false))));
        yield return Row("MaxPool2d", static m => Max(m, c => new MaxPool2d(Size(c, 0, "kernel_size", 0), c.Find(1, "stride") is null ? null : Size(c, 1, "stride", 0), Size(c, 2, "padding", 0), Size(c, 3, "dilation", 1), c.Boolean(-1, "ceil_mode", false))));
        yield return Row("AvgPool1d", static m => m.Run(new AvgPool1d(m.Constructor.Integers(0, "kernel_size")![0], m.Constructor.Integers(1, "stride")?[0], m.Constructor.Integer(2, "padding", 0), m.Constructor.Boolean(-1, "ceil_mode", false), m.Constructor.Boolean(-1, "count_include_pad", true))));
        yield return Row("AvgPool2d", static m => m.Constructor.Find(-1, "divisor_override") is not null
            ? throw new UnsupportedSampleException("divisor_override")
            : m.Run(new AvgPool2d(Size(m.Constructor, 0, "kernel_size", 0), m.Constructor.Find(1, "stride") is null ? null : Size(m.Constructor, 1, "stride", 0), Size(m.Constructor, 2, "padding", 0), m.Constructor.Boolean(-1, "ceil_mode", false), m.Constructor.Boolean(-1, "count_include_pad", true))));
        yield return Row("AdaptiveAvgPool1d", static m => m.Run(new AdaptiveAvgPool1d(m.Constructor[0].Integer)));
        yield return Row("AdaptiveAvgPool2d", static m => m.Run(new AdaptiveAvgPool2d(Whole(m))));
        yield return Row("AdaptiveMaxPool2d", static m => m.Run(new AdaptiveMaxPool2d(Whole(m))));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Paddings()
    {
        yield return Row("ReflectionPad1d", static m => m.Run(new ReflectionPad1d(Sides(m.Constructor, 1))));
        yield return Row("ReflectionPad2d", static m => m.Run(new ReflectionPad2d(Sides(m.Constructor, 2))));
        yield return Row("ReplicationPad1d", static m => m.Run(new ReplicationPad1d(Sides(m.Constructor, 1))));
        yield return Row("ReplicationPad2d", static m => m.Run(new ReplicationPad2d(Sides(m.Constructor, 2))));
        yield return Row("ConstantPad1d", static m => m.Run(new ConstantPad1d(Sides(m.Constructor, 1), (float)m.Constructor.Number(1, "value", 0))));
        yield return Row("ConstantPad2d", static m => m.Run(new ConstantPad2d(Sides(m.Constructor, 2), (float)m.Constructor.Number(1, "value", 0))));
        yield return Row("ZeroPad2d", static m => m.Run(new ZeroPad2d(Sides(m.Constructor, 2))));
    }

    private static PadSize Sides(ConformanceCall c, int axes) => c.Integers(0, "padding", 2 * axes) switch
    {
        [int left, int right] => new PadSize(left, right),
        [int left, int right, int top, int bottom] => new PadSize(left, right, top, bottom),
        _ => throw new UnsupportedSampleException("no padding"),
    };

    private static Size2d Whole(ConformanceModule m) => m.Constructor[0].Items is { } items && items.Any(static item => item.IsNull)
        ? throw new UnsupportedSampleException("an output size of None")
        : Size(m.Constructor, 0, "output_size", 0);

    private static Tensor Max(ConformanceModule m, Func<ConformanceCall, Layer> make) => m.Constructor.Boolean(-1, "return_indices", false) && !m.Call.IsWrong
        ? throw new UnsupportedSampleException("return_indices")
        : m.Run(make(m.Constructor));

    private static Layer Norm(ConformanceModule m, Func<int, float, float?, bool, bool, Layer> make) => make(
        m.Constructor.Integer(0, "num_features", 0), (float)m.Constructor.Number(1, "eps", 1e-5), m.Constructor.Count > 2 ? (float?)m.Constructor.Find(2, "momentum")?.Number : (float?)(m.Constructor.Find(-1, "momentum")?.Number ?? 0.1),
        Affine(m.Constructor, 3, usual: true), m.Constructor.Boolean(4, "track_running_stats", true));

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Activations()
    {
        yield return Row("ReLU", static m => m.Run(new Relu()));
        yield return Row("LeakyReLU", static m => m.Run(new LeakyRelu((float)m.Constructor.Number(0, "negative_slope", 0.01))));
        yield return Row("ELU", static m => m.Run(new Elu((float)m.Constructor.Number(0, "alpha", 1))));
        yield return Row("SELU", static m => m.Run(new Selu()));
        yield return Row("SiLU", static m => m.Run(new Silu()));
        yield return Row("Sigmoid", static m => m.Run(new Sigmoid()));
        yield return Row("Tanh", static m => m.Run(new Tanh()));
        yield return Row("Softplus", static m => m.Constructor.Number(0, "beta", 1) == 1 && m.Constructor.Number(1, "threshold", 20) == 20
            ? m.Run(new Softplus())
            : throw new UnsupportedSampleException("beta, threshold"));
        yield return Row("ReLU6", static m => m.Run(new Relu6()));
        yield return Row("Hardswish", static m => m.Run(new Hardswish()));
        yield return Row("Mish", static m => m.Run(new Mish()));
        yield return Row("LogSigmoid", static m => m.Run(new LogSigmoid()));
        yield return Row("Softsign", static m => m.Run(new Softsign()));
        yield return Row("GLU", static m => m.Run(new Glu(m.Constructor.Integer(0, "dim", -1))));
        yield return Row("PReLU", static m => m.Run(new PRelu(m.Constructor.Integer(0, "num_parameters", 1), (float)m.Constructor.Number(1, "init", 0.25))));
        yield return Row("Softmax", static m => m.Call.Tensor(0).Rank > 0 && (m.Constructor.Integer(0, "dim", -1) + m.Call.Tensor(0).Rank) % m.Call.Tensor(0).Rank == m.Call.Tensor(0).Rank - 1
            ? m.Run(new Softmax())
            : throw new UnsupportedSampleException("an axis that is not the last"));
        yield return Row("GELU", static m => m.Constructor.Text(0, "approximate", "none") == "none" ? m.Run(new Gelu()) : throw new UnsupportedSampleException("approximate"));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Losses() =>
        from loss in LossAdapters.All() where loss.Module is not null select Row(loss.Module, m => loss.Adapter(m.Constructor, m.Call));

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
