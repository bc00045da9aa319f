using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>A value between the nodes of a graph: a tensor of any element type, a sequence, or an optional. It never changes.</summary>
/// <remarks>A float32 tensor may be held as a <see cref="Tensor"/>, so that gradients flow through the graph.</remarks>
public sealed class OnnxValue
{
    private Array? _data;
    private Tensor _tensor;
    private volatile bool _hasTensor;

    private OnnxValue(OnnxType type, int[] shape, Array? data)
    {
        Type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>Gets the element type, or Sequence or Optional.</summary>
    public OnnxType Type { get; }

    /// <summary>Gets the sizes, outermost first; not to be written to.</summary>
    public int[] Shape { get; }

    /// <summary>Gets the number of axes.</summary>
    public int Rank => Shape.Length;

    /// <summary>Gets the number of elements.</summary>
    public int Count { get; private init; }

    /// <summary>Gets the values of a sequence; of an optional the one it has, or none.</summary>
    public IReadOnlyList<OnnxValue> Items { get; private init; } = [];

    /// <summary>Gets whether the type is float32, float64, float16 or bfloat16.</summary>
    public bool IsFloating => Type is OnnxType.Float or OnnxType.Double or OnnxType.Float16 or OnnxType.BFloat16;

    /// <summary>Gets whether it is a sequence or an optional, which hold values.</summary>
    public bool IsContainer => Type is OnnxType.Sequence or OnnxType.Optional or OnnxType.Map;

    /// <summary>Gets whether it is a tensor of numbers or truth values.</summary>
    public bool HasNumbers => !IsContainer && Type != OnnxType.String;

    /// <summary>Gets whether float32 values are held as a tensor of the engine.</summary>
    public bool HasTensor => _hasTensor;

    /// <summary>Gets whether the elements are held in an array.</summary>
    internal bool HasData => _data is not null;

    /// <summary>Gets the parameter or buffer that this value is, or null.</summary>
    internal Parameter? Parameter { get; private init; }

    /// <summary>Gets whether a gradient flows back through the value.</summary>
    internal bool NeedsGradient => _hasTensor && _tensor.UseAny().NeedsGradient;

    /// <summary>Gets or sets where the way of the gradient ended, for a value that depends on parameters and holds no tensor.</summary>
    internal OnnxGradientCut? Cut { get; set; }

    /// <summary>Gets or sets the same value in float32, once somebody has computed it.</summary>
    internal OnnxValue? Wide { get; set; }

    /// <summary>Makes a value over elements whose array type says the element type; they are not copied.</summary>
    /// <typeparam name="T">float, double, Half, BFloat16, an integer, bool, string or Complex.</typeparam>
    /// <param name="data">The elements, row-major.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    /// <returns>The value.</returns>
    /// <exception cref="OnnxException">The sizes give another count, or the type is none of these.</exception>
    public static OnnxValue Of<T>(T[] data, params int[] shape) => Of(OnnxStorage.TypeOf<T>(), data, shape);

    /// <summary>Makes a value over elements of a type that shares its array type with another: 4-bit and 8-bit ones; they are not copied.</summary>
    /// <typeparam name="T">Type of the array: byte for float8, float4, uint4 and uint2 (a bit pattern or value each), sbyte for int4 and int2.</typeparam>
    /// <param name="type">The element type.</param>
    /// <param name="data">The elements, row-major, one each.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    /// <returns>The value.</returns>
    /// <exception cref="OnnxException">The sizes give another count, or the array type is not this type's.</exception>
    public static OnnxValue Of<T>(OnnxType type, T[] data, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(shape);
        OnnxStorage.Check<T>(type);
        int count = OnnxStorage.Count(shape, Array.MaxLength);
        return count == data.Length
            ? new OnnxValue(type, shape, data) { Count = count }
            : throw new OnnxException($"OnnxValue: expected {count} elements for ({string.Join(", ", shape)}), got {data.Length}.");
    }

    /// <summary>Makes a float32 value that a tensor holds; gradients flow through it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The value.</returns>
    public static OnnxValue Of(Tensor tensor)
    {
        Shape shape = tensor.Shape;
        return new OnnxValue(OnnxType.Float, shape.ToArray(), null) { Count = shape.Count, _tensor = tensor, _hasTensor = true };
    }

    /// <summary>Makes a single number, text or truth value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>A value without axes.</returns>
    public static OnnxValue Scalar<T>(T value) => Of([value], []);

    /// <summary>Reads a tensor of a weights file.</summary>
    /// <param name="entry">The tensor, of a type that ONNX has.</param>
    /// <returns>The value.</returns>
    /// <exception cref="OnnxException">ONNX has no such type.</exception>
    public static OnnxValue Of(WeightEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        OnnxType type = OnnxTypes.Find(entry.DataType);
        return type == OnnxType.Undefined
            ? throw new OnnxException($"tensor '{entry.Name}': expected an element type that ONNX has, got {entry.DataType}.")
            : OnnxTensorReader.Read(new OnnxTensor { Name = entry.Name, Type = type, Dims = entry.Shape.ToArray(), Entry = entry });
    }

    /// <summary>Makes a sequence.</summary>
    /// <param name="items">Its values.</param>
    /// <returns>The value.</returns>
    public static OnnxValue Sequence(IReadOnlyList<OnnxValue> items) => new(OnnxType.Sequence, [], null) { Items = items };

    /// <summary>Makes an optional.</summary>
    /// <param name="value">What it holds, or null.</param>
    /// <returns>The value.</returns>
    public static OnnxValue Optional(OnnxValue? value) => new(OnnxType.Optional, [], null) { Items = value is null ? [] : [value] };

    /// <summary>Gives the elements, row-major; the array belongs to the value and is not to be written to.</summary>
    /// <typeparam name="T">The array type of the element type.</typeparam>
    /// <returns>The elements.</returns>
    /// <exception cref="OnnxException">The value has another type.</exception>
    public T[] Data<T>()
    {
        Array? data = _data;
        if (data is null && _hasTensor)
        {
            data = _tensor.ToArray();
            // A parameter's values change while it trains.
            _data = Parameter is null ? data : null;
        }

        return data?.GetType() == typeof(T[]) ? (T[])data : throw new OnnxException($"OnnxValue: expected elements of {typeof(T).Name}, got {this}.");
    }

    /// <summary>Gives float32 values as a tensor of the engine; at most 8 axes.</summary>
    /// <returns>The tensor.</returns>
    /// <exception cref="OnnxException">The value is not float32.</exception>
    public Tensor AsTensor()
    {
        if (!_hasTensor)
        {
            // Threads may share the value: whoever sees the mark must see the tensor.
            _tensor = Tensor.Of(Data<float>(), new Shape(Shape));
            _hasTensor = true;
        }

        return _tensor;
    }

    /// <summary>Gives float32 values, row-major, without a copy.</summary>
    /// <returns>The values.</returns>
    /// <exception cref="OnnxException">The value is not float32.</exception>
    public ReadOnlySpan<float> Floats() => _data is null && _hasTensor ? _tensor.Values : Data<float>();

    /// <summary>Gives integers of any width, such as sizes and axes, as 64-bit ones.</summary>
    /// <returns>The integers; not to be written to.</returns>
    /// <exception cref="OnnxException">The value holds no integers.</exception>
    public long[] Integers() => Type switch
    {
        // By the element type: to the runtime an array of sbyte is one of byte, too.
        OnnxType.Int64 => Data<long>(),
        OnnxType.Int32 => Array.ConvertAll(Data<int>(), static x => (long)x),
        OnnxType.UInt8 or OnnxType.UInt4 or OnnxType.UInt2 => Array.ConvertAll(Data<byte>(), static x => (long)x),
        OnnxType.Int8 or OnnxType.Int4 or OnnxType.Int2 => Array.ConvertAll(Data<sbyte>(), static x => (long)x),
        OnnxType.Int16 => Array.ConvertAll(Data<short>(), static x => (long)x),
        OnnxType.UInt16 => Array.ConvertAll(Data<ushort>(), static x => (long)x),
        OnnxType.UInt32 => Array.ConvertAll(Data<uint>(), static x => (long)x),
        OnnxType.UInt64 => Array.ConvertAll(Data<ulong>(), static x => (long)x),
        _ => throw new OnnxException($"OnnxValue: expected integers, got {this}."),
    };

    /// <summary>Gives the elements as a tensor of a weights file.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The entry, over a copy.</returns>
    /// <exception cref="OnnxException">The value holds texts, or is a sequence or an optional.</exception>
    public WeightEntry ToEntry(string name) => OnnxTensorReader.Write(name, this);

    /// <summary>Gives the same elements with other sizes.</summary>
    /// <param name="shape">Sizes; their product is the count.</param>
    /// <returns>A value that shares the elements.</returns>
    /// <exception cref="OnnxException">The sizes give another count.</exception>
    public OnnxValue Reshaped(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (OnnxStorage.Count(shape, Array.MaxLength) != Count)
        {
            throw new OnnxException($"OnnxValue: expected sizes with {Count} elements, got ({string.Join(", ", shape)}).");
        }

        if (Shape.AsSpan().SequenceEqual(shape))
        {
            return this;
        }

        return _data is null && shape.Length <= Pondus.Shape.MaxRank
            ? Of(_tensor.Reshape(new Shape(shape)))
            : new OnnxValue(Type, shape, _data ?? Data<float>()) { Count = Count };
    }

    /// <summary>Prints type and sizes.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Type is OnnxType.Sequence or OnnxType.Optional
        ? $"{OnnxTypes.Name(Type)} of {Items.Count}"
        : $"{OnnxTypes.Name(Type)} ({string.Join(", ", Shape)})";

    /// <summary>Gives a value that outlives the pass: no tensor of a tape.</summary>
    internal OnnxValue Settled()
    {
        if (Type is OnnxType.Sequence or OnnxType.Optional)
        {
            return new OnnxValue(Type, [], null) { Items = [.. Items.Select(static item => item.Settled())] };
        }

        return _hasTensor ? Of(_data as float[] ?? _tensor.ToArray(), Shape) : this;
    }

    /// <summary>Makes a value that is a parameter or buffer of the network.</summary>
    internal static OnnxValue Of(Parameter parameter)
    {
        Shape shape = parameter.Shape;
        return new OnnxValue(OnnxType.Float, shape.ToArray(), null) { Count = shape.Count, Parameter = parameter, _tensor = parameter.ToTensor(), _hasTensor = true };
    }
}
