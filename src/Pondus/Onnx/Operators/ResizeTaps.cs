using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>The elements of an axis that each element of the resized axis is made of, with their weights.</summary>
internal sealed class ResizeTaps
{
    private readonly ResizeAxis _axis;
    private readonly int[][] _places;
    private readonly double[][] _weights;

    public ResizeTaps(OnnxCall call, ResizeAxis axis, string mode, string transformation, string rounding)
    {
        _axis = axis;
        _places = new int[axis.Output][];
        _weights = new double[axis.Output][];
        bool exclude = call.Int("exclude_outside", 0) != 0, crops = transformation == "tf_crop_and_resize";
        double shrink = call.Int("antialias", 0) != 0 ? Math.Min(axis.Scale, 1) : 1, shape = call.Float("cubic_coeff_a", -0.75f);
        for (int i = 0; i < axis.Output; i++)
        {
            double place = axis.Place(call, i, transformation);
            if (crops && (place < 0 || place > axis.Input - 1))
            {
                Outside ??= new bool[axis.Output];
                Outside[i] = true;
            }

            (_places[i], _weights[i]) = mode switch
            {
                "nearest" => ([(int)Math.Clamp(Nearest(call, place, rounding), 0, axis.Input - 1)], [1.0]),
                "linear" or "bilinear" => Around(place, 1, shrink, exclude, static d => Math.Max(0, 1 - d)),
                "cubic" => Around(place, 2, shrink, exclude, d => Cubic(d, shape)),
                _ => throw call.Error($"expected mode nearest, linear or cubic, got '{mode}'."),
            };
        }
    }

    /// <summary>Elements that look beyond the axis where that means a value of its own; null if there are none.</summary>
    public bool[]? Outside { get; }

    /// <summary>Resizes an axis of a value.</summary>
    public OnnxValue Apply(OnnxValue x, int axis)
    {
        if (Array.TrueForAll(_places, static places => places.Length == 1))
        {
            return EngineValues.PickAlong(x, axis, Array.ConvertAll(_places, static places => places[0]));
        }

        int[] shape = [.. x.Shape];
        shape[axis] = _axis.Output;
        int inner = Movement.Inner(x.Shape, axis), outer = Movement.Count(x.Shape.AsSpan(..axis)), size = _axis.Input;
        if (EngineValues.IsRecording && EngineValues.Takes(x))
        {
            // As a product, through which gradients flow.
            Tensor weights = Tensor.Of(Dense(), [_axis.Output, size]);
            Tensor lines = x.AsTensor().Reshape([outer, size, inner]).Permute(0, 2, 1).Reshape([outer * inner, size]).MatMul(weights, transposeRight: true);
            return OnnxValue.Of(lines.Reshape([outer, inner, _axis.Output]).Permute(0, 2, 1).Reshape(new Shape(shape)));
        }

        double[] values = Elements.Doubles(x), y = new double[Movement.Count(shape)];
        for (int row = 0; row < outer * _axis.Output; row++)
        {
            int start = row / _axis.Output * size;
            int[] places = _places[row % _axis.Output];
            double[] factors = _weights[row % _axis.Output];
            Span<double> to = y.AsSpan(row * inner, inner);
            for (int tap = 0; tap < places.Length; tap++)
            {
                ReadOnlySpan<double> from = values.AsSpan((start + places[tap]) * inner, inner);
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] += factors[tap] * from[i];
                }
            }
        }

        // Integers are cut, not rounded.
        return Elements.OfDoubles(x.Type, x.IsFloating ? y : Array.ConvertAll(y, Math.Truncate), shape);
    }

    private double Nearest(OnnxCall call, double place, string rounding) => rounding switch
    {
        "round_prefer_floor" => Math.Ceiling(place - 0.5),
        "round_prefer_ceil" => Math.Floor(place + 0.5),
        "floor" => Math.Floor(place),
        "ceil" => Math.Ceiling(place),
        "simple" => _axis.Scale < 1 ? Math.Ceiling(place) : Math.Floor(place),
        _ => throw call.Error($"expected a known nearest_mode, got '{rounding}'."),
    };

    private static double Cubic(double d, double shape) => d < 1
        ? ((((shape + 2) * d) - (shape + 3)) * d * d) + 1
        : d < 2 ? (((((shape * d) - (5 * shape)) * d) + (8 * shape)) * d) - (4 * shape) : 0;

    /// <summary>Elements within a reach of a place, weighted by their distance; those beyond the axis are its last, or do not count.</summary>
    private (int[] Places, double[] Weights) Around(double place, int reach, double shrink, bool exclude, Func<double, double> weight)
    {
        double below = Math.Floor(place);
        // Against antialiasing a shrinking picture looks at proportionally more.
        int first = (int)Math.Floor(-reach / shrink) + 1, count = 2 - (2 * first);
        List<int> places = new(count);
        List<double> weights = new(count);
        double sum = 0;
        for (int i = first; i < first + count; i++)
        {
            double at = below + i, factor = weight(Math.Abs(place - at) * shrink);
            if (factor != 0 && !(exclude && (at < 0 || at >= _axis.Input)))
            {
                places.Add((int)Math.Clamp(at, 0, _axis.Input - 1));
                weights.Add(factor);
                sum += factor;
            }
        }

        bool isNormalized = exclude || shrink < 1;
        return ([.. places], [.. weights.Select(factor => isNormalized ? factor / sum : factor)]);
    }

    private float[] Dense()
    {
        float[] weights = new float[_axis.Output * _axis.Input];
        for (int i = 0; i < _places.Length; i++)
        {
            for (int tap = 0; tap < _places[i].Length; tap++)
            {
                weights[(i * _axis.Input) + _places[i][tap]] += (float)_weights[i][tap];
            }
        }

        return weights;
    }
}
