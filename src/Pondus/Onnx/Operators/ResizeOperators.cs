using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Resizing by nearest, linear or cubic interpolation along any axes.</summary>
internal static class ResizeOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddWidened("Resize", Resize);
        table.AddWidened("Upsample", Upsample);
    }

    private static OnnxValue?[] Resize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (call.Opset < 11)
        {
            // The first version knows scales alone, and its nearest is that below, or above when the picture shrinks.
            return [Resized(call, x, Scaled(call, x, call.Input(1), AllAxes(x)), "asymmetric", "simple")];
        }

        int[] axes = call.Ints("axes") is { } given ? Array.ConvertAll(given, axis => call.Axis(axis, x.Rank)) : AllAxes(x);
        OnnxValue? sizes = call.Optional(3) is { Count: > 0 } one ? one : null, scales = call.Optional(2) is { Count: > 0 } two ? two : null;
        ResizeAxis[] targets = sizes is not null
            ? Sized(call, x, sizes, axes)
            : Scaled(call, x, scales ?? throw call.Error("expected scales or sizes, got neither."), axes);
        string transformation = call.Text("coordinate_transformation_mode", "half_pixel");
        if (transformation == "tf_crop_and_resize")
        {
            double[] region = call.Optional(1) is { } roi && roi.Count == 2 * axes.Length ? Elements.Doubles(roi) : throw call.Error($"expected a roi of {2 * axes.Length} numbers, got {call.Optional(1)}.");
            for (int i = 0; i < axes.Length; i++)
            {
                targets[axes[i]] = targets[axes[i]] with { Start = region[i], End = region[axes.Length + i] };
            }
        }

        return [Resized(call, x, targets, transformation, call.Text("nearest_mode", "round_prefer_floor"))];
    }

    private static OnnxValue?[] Upsample(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        OnnxValue scales = call.Opset >= 9
            ? call.Input(1)
            : call.Floats("scales") is { } given
                ? OnnxValue.Of(given, given.Length)
                : OnnxValue.Of([1, 1, call.Float("height_scale", 1), call.Float("width_scale", 1)], 4);
        return [Resized(call, x, Scaled(call, x, scales, AllAxes(x)), "asymmetric", "floor")];
    }

    private static int[] AllAxes(OnnxValue x) => [.. Enumerable.Range(0, x.Rank)];

    private static ResizeAxis[] Scaled(OnnxCall call, OnnxValue x, OnnxValue scales, int[] axes)
    {
        ResizeAxis[] targets = Array.ConvertAll(x.Shape, static size => new ResizeAxis(size, size, 1));
        float[] values = Elements.Singles(scales);
        if (values.Length != axes.Length || Array.Exists(values, static scale => !(scale > 0 && float.IsFinite(scale))))
        {
            throw call.Error($"expected {axes.Length} scales above 0, got {string.Join(", ", values)}.");
        }

        for (int i = 0; i < axes.Length; i++)
        {
            int size = x.Shape[axes[i]];
            targets[axes[i]] = new ResizeAxis(size, call.Size((long)Math.Min(Math.Floor(size * values[i]), long.MaxValue / 2)), values[i]);
        }

        return targets;
    }

    private static ResizeAxis[] Sized(OnnxCall call, OnnxValue x, OnnxValue sizes, int[] axes)
    {
        ResizeAxis[] targets = Array.ConvertAll(x.Shape, static size => new ResizeAxis(size, size, 1));
        int[] values = Array.ConvertAll(sizes.Integers(), size => call.Size(size));
        if (values.Length != axes.Length || axes.Any(axis => x.Shape[axis] == 0))
        {
            throw call.Error($"expected {axes.Length} sizes for axes with elements, got {string.Join(", ", values)} for {x}.");
        }

        string policy = call.Text("keep_aspect_ratio_policy", "stretch");
        double[] ratios = [.. axes.Select((axis, i) => values[i] / (double)x.Shape[axis])];
        double? common = policy switch
        {
            "stretch" => null,
            "not_larger" => ratios.DefaultIfEmpty(1).Min(),
            "not_smaller" => ratios.DefaultIfEmpty(1).Max(),
            _ => throw call.Error($"expected keep_aspect_ratio_policy stretch, not_larger or not_smaller, got '{policy}'."),
        };
        for (int i = 0; i < axes.Length; i++)
        {
            int size = x.Shape[axes[i]];
            targets[axes[i]] = common is { } ratio
                ? new ResizeAxis(size, call.Size((long)Math.Floor((size * ratio) + 0.5)), ratio)
                : new ResizeAxis(size, values[i], ratios[i]);
        }

        return targets;
    }

    private static OnnxValue Resized(OnnxCall call, OnnxValue x, ResizeAxis[] targets, string transformation, string rounding)
    {
        string mode = call.Text("mode", "nearest");
        call.Product(Array.ConvertAll(targets, static target => target.Output));
        OnnxValue y = x;
        bool[]? outside = null;
        for (int axis = 0; axis < targets.Length; axis++)
        {
            ResizeAxis target = targets[axis];
            if (target.IsIdentity(transformation))
            {
                continue;
            }

            ResizeTaps taps = new(call, target, mode, transformation, rounding);
            y = taps.Apply(y, axis);
            if (taps.Outside is { } beyond)
            {
                outside ??= new bool[Movement.Count(Array.ConvertAll(targets, static one => one.Output))];
                int inner = Movement.Inner(Array.ConvertAll(targets, static one => one.Output), axis);
                for (int i = 0; i < outside.Length; i++)
                {
                    outside[i] |= beyond[i / inner % target.Output];
                }
            }
        }

        if (outside is null)
        {
            return y;
        }

        double fill = call.Float("extrapolation_value", 0);
        double[] values = Elements.Doubles(y);
        return Elements.OfDoubles(y.Type, [.. values.Select((value, i) => outside[i] ? fill : value)], y.Shape);
    }
}
