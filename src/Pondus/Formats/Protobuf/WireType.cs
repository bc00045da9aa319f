namespace Pondus.Formats.Protobuf;

/// <summary>How a field lies in the bytes.</summary>
internal enum WireType
{
    /// <summary>7 bits a byte, low ones first.</summary>
    Varint = 0,

    /// <summary>8 bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length, then as many bytes.</summary>
    Bytes = 2,

    /// <summary>4 bytes.</summary>
    Fixed32 = 5,
}
