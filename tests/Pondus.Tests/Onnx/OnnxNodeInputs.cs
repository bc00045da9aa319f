using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>Values for uses of operators: random by place, so that a case does not depend on those before it.</summary>
internal static class OnnxNodeInputs
{
    /// <summary>Normal numbers.</summary>
    public static OnnxValue Floats(ulong seed, params int[] shape) => OnnxValue.Of(Normal(seed, Count(shape)), shape);

    /// <summary>Numbers from low to high.</summary>
    public static OnnxValue Uniform(ulong seed, float low, float high, params int[] shape)
    {
        RandomSource random = new(seed);
        float[] values = new float[Count(shape)];
        random.FillUniform(values, low, high);
        return OnnxValue.Of(values, shape);
    }

    public static OnnxValue Bytes(ulong seed, params int[] shape)
    {
        RandomSource random = new(seed);
        return OnnxValue.Of(Array.ConvertAll(new byte[Count(shape)], _ => (byte)random.NextUInt32()), shape);
    }

    public static OnnxValue SignedBytes(ulong seed, params int[] shape)
    {
        RandomSource random = new(seed);
        return OnnxValue.Of(Array.ConvertAll(new sbyte[Count(shape)], _ => unchecked((sbyte)random.NextUInt32())), shape);
    }

    public static OnnxValue Ints(params int[] values) => OnnxValue.Of(values, values.Length);

    public static OnnxValue Longs(params long[] values) => OnnxValue.Of(values, values.Length);

    public static OnnxValue Longs(int[] shape, params long[] values) => OnnxValue.Of(values, shape);

    public static OnnxValue Vector(params float[] values) => OnnxValue.Of(values, values.Length);

    public static OnnxValue One<T>(T value) => OnnxValue.Scalar(value);

    private static float[] Normal(ulong seed, int count)
    {
        float[] values = new float[count];
        new RandomSource(seed).FillNormal(values, 0, 1);
        return values;
    }

    private static int Count(int[] shape) => shape.Aggregate(1, static (product, size) => product * size);
}
