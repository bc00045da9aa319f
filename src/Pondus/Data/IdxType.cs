namespace Pondus.Data;

/// <summary>The element types of an IDX file, by their codes.</summary>
public enum IdxType
{
    /// <summary>Whole numbers from 0 to 255.</summary>
    UInt8 = 0x08,

    /// <summary>Whole numbers from -128 to 127.</summary>
    Int8 = 0x09,

    /// <summary>Whole numbers of 16 bits.</summary>
    Int16 = 0x0B,

    /// <summary>Whole numbers of 32 bits.</summary>
    Int32 = 0x0C,

    /// <summary>Single-precision numbers.</summary>
    Single = 0x0D,

    /// <summary>Double-precision numbers.</summary>
    Double = 0x0E,
}
