using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Operators on images and signals: pooling, padding, resizing.</summary>
internal static partial class OperatorAdapters
{
    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Images()
    {
        yield return Row("nn.functional.max_pool1d", static c => NoIndices(c, -1).Max(1));
        yield return Row("nn.functional.max_pool2d", static c => NoIndices(c, -1).Max(2));
        yield return Row("nn.functional.avg_pool1d", static c => new AvgPool1d(
            Pair(c.Integers(1, "kernel_size")!).Width, Optional(c, 2, "stride", 1)?.Width, Pair(c.Integers(3, "padding") ?? [0]).Width, c.Boolean(4, "ceil_mode", false), c.Boolean(5, "count_include_pad", true)).Forward(c.Tensor(0)));
        yield return Row("nn.functional.avg_pool2d", static c => c.Find(6, "divisor_override") is not null
            ? throw new UnsupportedSampleException("divisor_override")
            : new AvgPool2d(
                Pair(c.Integers(1, "kernel_size", 2)!), Optional(c, 2, "stride", 2), Pair(c.Integers(3, "padding", 2) ?? [0]), c.Boolean(4, "ceil_mode", false), c.Boolean(5, "count_include_pad", true)).Forward(c.Tensor(0)));
        yield return Row("nn.functional.adaptive_avg_pool1d", static c => new AdaptiveAvgPool1d(Whole(c, 1).Width).Forward(c.Tensor(0)));
        yield return Row("nn.functional.adaptive_avg_pool2d", static c => new AdaptiveAvgPool2d(Whole(c, 2)).Forward(c.Tensor(0)));
        yield return Row("nn.functional.adaptive_max_pool2d", static c => new AdaptiveMaxPool2d(Whole(NoIndices(c, 2), 2)).Forward(c.Tensor(0)));
        yield return Row("nn.functional.pad", static c => Pad(c, c.Text(2, "mode", "constant"), (float)c.Number(3, "value", 0)));
        yield return Row("constant_pad_nd", static c => Pad(c, "constant", (float)c.Number(2, "value", 0)));
        yield return Row("nn.functional.pixel_shuffle", static c => new PixelShuffle(c.Integer(1, "upscale_factor", 1)).Forward(OfImages(c)));
        yield return Row("nn.functional.pixel_unshuffle", static c => new PixelUnshuffle(c.Integer(1, "downscale_factor", 1)).Forward(OfImages(c)));
        yield return Row("nn.functional.interpolate", static c => Resize(c, c.Text(3, "mode", "nearest"), c.Boolean(4, "align_corners", false)));
        yield return Row("nn.functional.upsample_nearest", static c => Resize(c, "nearest", alignCorners: false));
        yield return Row("nn.functional.upsample_bilinear", static c => Resize(c, "bilinear", alignCorners: true));
    }

    private static Tensor Max(this ConformanceCall c, int axes)
    {
        Size2d kernel = Pair(c.Integers(1, "kernel_size", axes)!), padding = Pair(c.Integers(3, "padding", axes) ?? [0]), dilation = Pair(c.Integers(4, "dilation", axes) ?? [1]);
        Size2d? stride = Optional(c, 2, "stride", axes);
        bool ceil = c.Boolean(5, "ceil_mode", false);
        Layer layer = axes == 1
            ? new MaxPool1d(kernel.Width, stride?.Width, padding.Width, dilation.Width, ceil)
            : new MaxPool2d(kernel, stride, padding, dilation, ceil);
        return layer.Forward(c.Tensor(0));
    }

    private static ConformanceCall NoIndices(ConformanceCall c, int place) => c.Boolean(place, "return_indices", false) && !c.IsWrong ? throw new UnsupportedSampleException("return_indices") : c;

    private static Size2d? Optional(ConformanceCall c, int place, string name, int axes) => c.Integers(place, name, axes) is { Length: > 0 } numbers ? Pair(numbers) : null;

    private static Size2d Whole(ConformanceCall c, int axes) => c.Find(1, "output_size") is { Items: { } items } && items.Any(static item => item.IsNull)
        ? throw new UnsupportedSampleException("an output size of None")
        : Pair(c.Integers(1, "output_size", axes)!);

    private static Tensor OfImages(ConformanceCall c) => c.Tensor(0).Rank is 3 or 4 || c.IsWrong ? c.Tensor(0) : throw new UnsupportedSampleException("several batch axes");

    private static Tensor Pad(ConformanceCall c, string mode, float value)
    {
        Tensor x = c.Tensor(0);
        int[] sides = c.Integers(1, "pad")!;
        bool image = sides.Length == 4 || x.Rank == 4;
        if (!c.IsWrong && (sides.Length is not (2 or 4) || !(image ? x.Rank is 3 or 4 : x.Rank is 2 or 3)))
        {
            throw new UnsupportedSampleException("other axes than those of signals or images");
        }

        PadSize size = sides switch
        {
            [int left, int right] => new PadSize(left, right),
            [int left, int right, int top, int bottom] => new PadSize(left, right, top, bottom),
            _ => throw new UnsupportedSampleException("other axes than those of signals or images"),
        };
        Layer layer = (mode, image) switch
        {
            ("constant", true) => new ConstantPad2d(size, value),
            ("constant", false) => new ConstantPad1d(size, value),
            ("reflect", true) => new ReflectionPad2d(size),
            ("reflect", false) => new ReflectionPad1d(size),
            ("replicate", true) => new ReplicationPad2d(size),
            ("replicate", false) => new ReplicationPad1d(size),
            _ => throw new UnsupportedSampleException($"mode {mode}"),
        };
        return layer.Forward(x);
    }

    private static Tensor Resize(ConformanceCall c, string text, bool alignCorners)
    {
        UpsampleMode mode = text switch
        {
            "nearest" => UpsampleMode.Nearest,
            "bilinear" => UpsampleMode.Bilinear,
            "bicubic" => UpsampleMode.Bicubic,
            _ => throw new UnsupportedSampleException($"mode {text}"),
        };
        if (c.Tensor(0).Rank != 4 && !c.IsWrong)
        {
            throw new UnsupportedSampleException("signals and volumes");
        }

        if (c.Boolean(5, "recompute_scale_factor", false))
        {
            throw new UnsupportedSampleException("recompute_scale_factor");
        }

        if (c.Find(1, "size") is { } size)
        {
            return Upsample.ToSize(Pair(size.Integers(2)), mode, alignCorners).Forward(c.Tensor(0));
        }

        ConformanceValue factors = c.Find(2, "scale_factor") ?? throw new ArgumentException("neither size nor scale_factor");
        double[] all = [.. (factors.Items ?? [factors]).Select(static factor => factor.Number)];
        return all.Distinct().Count() == 1
            ? new Upsample(all[0], mode, alignCorners).Forward(c.Tensor(0))
            : throw new UnsupportedSampleException("several scale factors");
    }
}
