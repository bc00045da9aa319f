namespace Pondus.Formats.Onnx;

/// <summary>A named setting of a node.</summary>
#pragma warning disable CA1711 // ONNX's own word; no attribute of .NET.
public sealed record OnnxAttribute
#pragma warning restore CA1711
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it holds: which of the properties below counts.</summary>
    public required OnnxAttributeKind Kind { get; init; }

    /// <summary>Gets, inside a function, the name of the function's own attribute that this stands for.</summary>
    public string? Reference { get; init; }

    /// <summary>Gets the float.</summary>
    public float Float { get; init; }

    /// <summary>Gets the integer.</summary>
    public long Int { get; init; }

    /// <summary>Gets the text, as its bytes: nearly always UTF-8.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Gets the text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    /// <summary>Gets the tensor.</summary>
    public OnnxTensor? Tensor { get; init; }

    /// <summary>Gets the sparse tensor.</summary>
    public OnnxSparseTensor? SparseTensor { get; init; }

    /// <summary>Gets the graph.</summary>
    public OnnxGraph? Graph { get; init; }

    /// <summary>Gets the type.</summary>
    public OnnxTypeInfo? TypeInfo { get; init; }

    /// <summary>Gets the floats.</summary>
    public float[] Floats { get; init; } = [];

    /// <summary>Gets the integers.</summary>
    public long[] Ints { get; init; } = [];

    /// <summary>Gets the texts, as their bytes.</summary>
    public byte[][] Strings { get; init; } = [];

    /// <summary>Gets the tensors.</summary>
    public IReadOnlyList<OnnxTensor> Tensors { get; init; } = [];

    /// <summary>Gets the graphs.</summary>
    public IReadOnlyList<OnnxGraph> Graphs { get; init; } = [];
}
