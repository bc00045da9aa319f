namespace Pondus.Formats.Hdf5;

/// <summary>The sorts of element types of the format that are told apart.</summary>
internal enum Hdf5TypeKind
{
    /// <summary>One of the types that tensors have.</summary>
    Number,

    /// <summary>Text in a fixed number of bytes.</summary>
    FixedText,

    /// <summary>Text of any length, kept in a collection.</summary>
    VariableText,

    /// <summary>Bytes that only an attribute can explain.</summary>
    Opaque,

    /// <summary>A type that tensors do not have.</summary>
    Other,
}

/// <summary>The type of an element.</summary>
/// <param name="Kind">What sort of type it is.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Description">What it is, in words.</param>
internal sealed record Hdf5Type(Hdf5TypeKind Kind, int Size, string Description)
{
    /// <summary>Gets the name of the type as tensors have it; empty where they have none.</summary>
    public string DataType { get; init; } = "";

    /// <summary>Gets whether the bytes of its numbers begin with the highest.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Gets the bytes of one number: half an element for complex ones.</summary>
    public int NumberBytes { get; init; } = Size;

    /// <summary>Gets the sizes of the small array that each element is; usually none.</summary>
    public IReadOnlyList<long> ArrayShape { get; init; } = [];
}
