using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Operators that are layers here: their tensors become the layer's parameters.</summary>
internal static partial class OperatorAdapters
{
    private static readonly RandomSource s_random = new(1);

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Layers()
    {
        yield return Row("nn.functional.linear", static c =>
        {
            Shape weight = c.Tensor(1).Shape;
            if (weight.Rank != 2)
            {
                throw new UnsupportedSampleException("a weight of one axis");
            }

            Linear layer = new(weight[1], weight[0], s_random, c.Find(2, "bias") is not null);
            c.Give(layer.Weight, 1, "weight");
            c.Give(layer.Bias, 2, "bias");
            return layer.Forward(c.Tensor(0));
        });
        yield return Row("nn.functional.conv1d", static c => Convolve(c, 1));
        yield return Row("nn.functional.conv2d", static c => Convolve(c, 2));
        yield return Row("nn.functional.conv_transpose1d", static c => ConvolveTransposed(c, 1));
        yield return Row("nn.functional.conv_transpose2d", static c => ConvolveTransposed(c, 2));
    }

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Losses() =>
        from loss in LossAdapters.All() select Row($"nn.functional.{loss.Function}", c => loss.Adapter(c, c));

    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Norms()
    {
        yield return Row("nn.functional.layer_norm", static c =>
        {
            LayerNorm layer = new(new Shape(c.Integers(1, "normalized_shape")!), Epsilon(c, 4, 1e-5), c.Find(2, "weight") is not null, c.Find(3, "bias") is not null);
            c.Give(layer.Weight, 2, "weight");
            c.Give(layer.Bias, 3, "bias");
            return layer.Forward(c.Tensor(0));
        });
        yield return Row("nn.functional.rms_norm", static c =>
        {
            // PyTorch's default is the machine epsilon of the type; the sample was computed in double.
            RmsNorm layer = new(new Shape(c.Integers(1, "normalized_shape")!), Epsilon(c, 3, 2.3e-16), c.Find(2, "weight") is not null);
            c.Give(layer.Weight, 2, "weight");
            return layer.Forward(c.Tensor(0));
        });
        yield return Row("nn.functional.group_norm", static c =>
        {
            Tensor x = c.Tensor(0);
            bool affine = c.Find(2, "weight") is not null | c.Find(3, "bias") is not null;
            GroupNorm layer = new(c.Integer(1, "num_groups", 1), x.Rank > 1 ? x.Shape[1] : 0, Epsilon(c, 4, 1e-5), affine);
            c.Give(layer.Weight, 2, "weight");
            c.Give(layer.Bias, 3, "bias");
            return layer.Forward(x);
        });
        yield return Row("nn.functional.instance_norm", static c =>
        {
            Tensor x = c.Tensor(0);
            if (!c.Boolean(5, "use_input_stats", true))
            {
                throw new UnsupportedSampleException("use_input_stats");
            }

            // Running statistics do not enter the output.
            c.Setting(1, "running_mean");
            c.Setting(2, "running_var");
            c.Ignore("momentum");
            bool affine = c.Find(3, "weight") is not null | c.Find(4, "bias") is not null;
            InstanceNorm layer = x.Rank switch
            {
                3 => new InstanceNorm1d(x.Shape[1], Epsilon(c, 7, 1e-5), affine),
                4 => new InstanceNorm2d(x.Shape[1], Epsilon(c, 7, 1e-5), affine),
                _ => throw new UnsupportedSampleException("three axes of places"),
            };
            c.Give(layer.Weight, 3, "weight");
            c.Give(layer.Bias, 4, "bias");
            return layer.Forward(x);
        });
        yield return Row("nn.functional.batch_norm", static c =>
        {
            Tensor x = c.Tensor(0);
            float[] mean = c.Setting(1, "running_mean"), variance = c.Setting(2, "running_var");
            bool affine = c.Find(3, "weight") is not null | c.Find(4, "bias") is not null;
            float momentum = (float)c.Number(6, "momentum", 0.1);
            c.Boolean(5, "training", false);
            if (momentum is < 0 or > 1)
            {
                throw new UnsupportedSampleException("momentum outside [0, 1]");
            }

            BatchNorm layer = x.Rank switch
            {
                2 or 3 => new BatchNorm1d(x.Shape[1], Epsilon(c, 7, 1e-5), momentum, affine, mean.Length > 0),
                4 => new BatchNorm2d(x.Shape[1], Epsilon(c, 7, 1e-5), momentum, affine, mean.Length > 0),
                _ => throw new UnsupportedSampleException("three axes of places"),
            };
            layer.RunningMean?.Set(mean);
            layer.RunningVariance?.Set(variance);
            c.Give(layer.Weight, 3, "weight");
            c.Give(layer.Bias, 4, "bias");
            return layer.Forward(x);
        });
    }

    private static float Epsilon(ConformanceCall c, int place, double usual) => (float)c.Number(place, "eps", usual) is float epsilon && (epsilon > 0 || c.IsWrong)
        ? epsilon
        : throw new UnsupportedSampleException("eps not above 0");

    private static Tensor Convolve(ConformanceCall c, int axes)
    {
        Shape weight = c.Tensor(1).Shape;
        if (weight.Rank != axes + 2)
        {
            throw new ShapeException($"expected a weight of {axes + 2} axes, got {weight}");
        }

        int groups = c.Integer(6, "groups", 1);
        bool bias = c.Find(2, "bias") is not null;
        ConformanceValue? padding = c.Find(4, "padding");
        Padding pad = padding is null ? 0 : padding.IsText ? padding.Text switch { "same" => Padding.Same, "valid" => 0, string other => throw new ArgumentException(other) } : Pair(padding.Integers(axes));
        Size2d stride = Pair(c.Integers(3, "stride", axes) ?? [1]), dilation = Pair(c.Integers(5, "dilation", axes) ?? [1]);
        Layer layer = axes == 1
            ? new Conv1d(weight[1] * groups, weight[0], weight[2], s_random, stride.Width, pad, dilation.Width, groups, bias)
            : new Conv2d(weight[1] * groups, weight[0], (weight[2], weight[3]), s_random, stride, pad, dilation, groups, bias);
        c.Give(((Convolution)layer).Weight, 1, "weight");
        c.Give(((Convolution)layer).Bias, 2, "bias");
        return layer.Forward(c.Tensor(0));
    }

    private static Tensor ConvolveTransposed(ConformanceCall c, int axes)
    {
        Shape weight = c.Tensor(1).Shape;
        if (weight.Rank != axes + 2)
        {
            throw new ShapeException($"expected a weight of {axes + 2} axes, got {weight}");
        }

        int groups = c.Integer(6, "groups", 1);
        bool bias = c.Find(2, "bias") is not null;
        Size2d stride = Pair(c.Integers(3, "stride", axes) ?? [1]), padding = Pair(c.Integers(4, "padding", axes) ?? [0]), output = Pair(c.Integers(5, "output_padding", axes) ?? [0]), dilation = Pair(c.Integers(7, "dilation", axes) ?? [1]);
        Layer layer = axes == 1
            ? new ConvTranspose1d(weight[0], weight[1] * groups, weight[2], s_random, stride.Width, padding.Width, output.Width, dilation.Width, groups, bias)
            : new ConvTranspose2d(weight[0], weight[1] * groups, (weight[2], weight[3]), s_random, stride, padding, output, dilation, groups, bias);
        c.Give(((Convolution)layer).Weight, 1, "weight");
        c.Give(((Convolution)layer).Bias, 2, "bias");
        return layer.Forward(c.Tensor(0));
    }

    private static Size2d Pair(int[] numbers) => numbers switch
    {
        [int both] => both,
        [int height, int width] => (height, width),
        _ => throw new ArgumentException($"expected one or two numbers, got {numbers.Length}"),
    };
}
