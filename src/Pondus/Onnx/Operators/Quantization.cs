using System.Numerics;
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
    public OnnxValue Quantize(float[] x, int[] shape) => Type switch
    {
        OnnxType.UInt8 => Steps<byte>(x, shape, 0, 255),
        OnnxType.Int8 => Steps<sbyte>(x, shape, -128, 127),
        OnnxType.UInt16 => Steps<ushort>(x, shape, 0, 65535),
        OnnxType.Int16 => Steps<short>(x, shape, -32768, 32767),
        OnnxType.UInt4 => Steps<byte>(x, shape, 0, 15),
        OnnxType.Int4 => Steps<sbyte>(x, shape, -8, 7),
        OnnxType.UInt2 => Steps<byte>(x, shape, 0, 3),
        OnnxType.Int2 => Steps<sbyte>(x, shape, -2, 1),
        // Floats of few bits are their own steps.
        _ => Elements.OfDoubles(Type, [.. x.Select((value, i) => (double)(value / Scale(i)))], shape),
    };

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

    private OnnxValue Steps<T>(float[] x, int[] shape, float least, float largest)
        where T : INumber<T>
    {
        T[] steps = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int place = Place(i);
            // In single precision, as the standard has it: the quotient decides which step is nearest.
            float step = MathF.Round(x[i] / _scales[place]) + _zeros[place];
            // What is no number becomes the lowest step, as in onnxruntime, whose scale of a mask with infinities is infinite.
            steps[i] = T.CreateTruncating(step >= least ? MathF.Min(step, largest) : least);
        }

        return OnnxValue.Of(Type, steps, shape);
    }

    // Zero points of 8-bit floats are zeros.
    private static int[] Zeros(OnnxValue zero) => Array.ConvertAll(Elements.Doubles(zero), static x => (int)x);

    private int Place(int index)
    {
        if (_size == 1 && _inner == 1)
        {
            return 0;
        }

        int row = index / _inner, place = row % _size;
        return _block == 0 ? place : (((row / _size * ((_size + _block - 1) / _block)) + (place / _block)) * _inner) + (index % _inner);
    }
}
