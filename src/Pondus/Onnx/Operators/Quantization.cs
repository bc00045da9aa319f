using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Scales and zero points: x = (q - z) s, with one pair for all, one for each index of an axis, or one a block.</summary>
internal sealed class Quantization
{
    private readonly float[] _scales;
    private readonly int[] _zeros;
    private readonly int _size;
    private readonly int _inner;
    private readonly int _block;

    private Quantization(OnnxType type, float[] scales, int[] zeros, int size, int inner, int block)
    {
        Type = type;
        _scales = scales;
        _zeros = zeros;
        _size = size;
        _inner = inner;
        _block = block;
    }

    /// <summary>The type of the quantized elements.</summary>
    public OnnxType Type { get; }

    /// <summary>One scale and zero point for all.</summary>
    public static Quantization Of(OnnxCall call, OnnxType type, OnnxValue scale, OnnxValue? zero)
    {
        if (scale.Count != 1 || zero is { Count: not 1 })
        {
            throw call.Error($"expected one scale and zero point, got {scale} and {zero}.");
        }

        return new Quantization(type, Elements.Singles(scale), zero is null ? [0] : Zeros(zero), 1, 1, 0);
    }

    /// <summary>Scales and zero points for a value of a shape, along an axis or in blocks along it where they are several.</summary>
    public static Quantization Of(OnnxCall call, OnnxType type, OnnxValue scale, OnnxValue? zero, int[] shape, long axis, long block)
    {
        if (scale.Count == 1 && block == 0)
        {
            return Of(call, type, scale, zero);
        }

        int place = call.Axis(axis, shape.Length), size = shape[place];
        bool isRight = block > 0
            ? scale.Rank == shape.Length && scale.Shape[place] == (size + block - 1) / block && Enumerable.Range(0, shape.Length).All(i => i == place || scale.Shape[i] == shape[i])
            : block == 0 && scale.Rank == 1 && scale.Count == size;
        if (!isRight || (zero is not null && zero.Count != scale.Count))
        {
            throw call.Error($"expected scales and zero points for axis {place} of ({string.Join(", ", shape)}) with blocks of {block}, got {scale} and {zero}.");
        }

        return new Quantization(type, Elements.Singles(scale), zero is null ? new int[scale.Count] : Zeros(zero), size, Movement.Inner(shape, place), (int)block);
    }

    /// <summary>The scale of an element.</summary>
    public float Scale(int index) => _scales[Place(index)];

    /// <summary>The zero point of an element.</summary>
    public int Zero(int index) => _zeros[Place(index)];

    /// <summary>Rounds to the nearest step, ties to even; what is beyond the type's range is put at its end.</summary>
    public OnnxValue Quantize(float[] x, int[] shape)
    {
        double[] steps = new double[x.Length];
        bool isFloat = Codes.Of(Type) is not null || Type == OnnxType.Float4E2M1;
        for (int i = 0; i < x.Length; i++)
        {
            int place = Place(i);
            // In single precision, as the standard has it: the quotient decides which step is nearest.
            double quotient = x[i] / _scales[place];
            // What is no number becomes the lowest step, as in onnxruntime, whose scale of a mask with infinities is infinite.
            steps[i] = isFloat ? quotient : double.IsNaN(quotient) ? double.NegativeInfinity : Math.Round(quotient) + _zeros[place];
        }

        return Elements.OfDoubles(Type, steps, shape);
    }

    /// <summary>Gives the numbers that the steps stand for.</summary>
    public float[] Dequantize(OnnxValue x)
    {
        float[] steps = Elements.Singles(x), y = new float[steps.Length];
        // 32-bit steps have no zero point and may not fit single precision exactly: their product is rounded once.
        double[]? wide = x.Type == OnnxType.Int32 ? Elements.Doubles(x) : null;
        for (int i = 0; i < y.Length; i++)
        {
            int place = Place(i);
            y[i] = wide is null ? (steps[i] - _zeros[place]) * _scales[place] : (float)((wide[i] - _zeros[place]) * _scales[place]);
        }

        return y;
    }

    // Zero points of 8-bit floats are zeros.
    private static int[] Zeros(OnnxValue zero) => Array.ConvertAll(Elements.Doubles(zero), static x => (int)x);

    private int Place(int index)
    {
        int row = index / _inner, place = row % _size;
        return _block == 0 ? place : (((row / _size * ((_size + _block - 1) / _block)) + (place / _block)) * _inner) + (index % _inner);
    }
}
