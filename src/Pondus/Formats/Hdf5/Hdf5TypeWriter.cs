namespace Pondus.Formats.Hdf5;

/// <summary>Writes the descriptions of element types, version 1, little-endian.</summary>
internal static class Hdf5TypeWriter
{
    private const int Version = 0x10;

    private static readonly Dictionary<string, (int Bytes, int ExponentBits, int FractionBits, int Bias)> s_floats = new(StringComparer.Ordinal)
    {
        ["float16"] = (2, 5, 10, 15),
        ["float32"] = (4, 8, 23, 127),
        ["float64"] = (8, 11, 52, 1023),
    };

    private static readonly Dictionary<string, string> s_complex = new(StringComparer.Ordinal)
    {
        ["complex32"] = "float16",
        ["complex64"] = "float32",
        ["complex128"] = "float64",
    };

    /// <summary>Says whether a type can be written: one with whole bytes to an element.</summary>
    internal static bool Holds(string dataType) => WeightTypes.Layout(dataType) is { Elements: 1 };

    /// <summary>Says whether a type has no description of its own, so that its name must be kept beside opaque bytes.</summary>
    internal static bool IsOpaque(string dataType) => !s_floats.ContainsKey(dataType) && !s_complex.ContainsKey(dataType) && dataType is not "bool" && !IsInteger(dataType);

    /// <summary>Writes the description of a type.</summary>
    internal static void Write(Hdf5Block block, string dataType)
    {
        int bytes = WeightTypes.Layout(dataType)!.Value.Bytes;
        if (s_floats.TryGetValue(dataType, out (int Bytes, int ExponentBits, int FractionBits, int Bias) form))
        {
            WriteFloat(block, form);
        }
        else if (s_complex.TryGetValue(dataType, out string? part))
        {
            WriteComplex(block, s_floats[part]);
        }
        else if (dataType is "bool")
        {
            const int enumeration = 8;
            block.U8(Version | enumeration).Number(2, 3).U32(1);
            WriteInteger(block, 1, isSigned: true);
            block.Name("FALSE").Name("TRUE").U8(0).U8(1);
        }
        else if (IsInteger(dataType))
        {
            WriteInteger(block, bytes, isSigned: dataType[0] == 'i');
        }
        else
        {
            const int opaque = 5;
            block.U8(Version | opaque).Number(0, 3).U32((uint)bytes);
        }
    }

    /// <summary>Writes the description of texts of any length in UTF-8.</summary>
    internal static void WriteText(Hdf5Block block)
    {
        const int variable = 9, text = 0x01, utf8 = 0x01;
        block.U8(Version | variable).U8(text).U8(utf8).U8(0).U32(Hdf5Block.TextBytes);
        WriteInteger(block, 1, isSigned: false);
    }

    private static bool IsInteger(string dataType) => dataType.Contains("int", StringComparison.Ordinal) && Holds(dataType);

    private static void WriteInteger(Hdf5Block block, int bytes, bool isSigned)
    {
        const int signedBit = 8;
        block.U8(Version).Number(isSigned ? signedBit : 0, 3).U32((uint)bytes).U16(0).U16(8 * bytes);
    }

    private static void WriteFloat(Hdf5Block block, (int Bytes, int ExponentBits, int FractionBits, int Bias) form)
    {
        const int floating = 1, leadingOneNotStored = 0x20;
        int bits = 8 * form.Bytes;
        block.U8(Version | floating).U8(leadingOneNotStored).U8(bits - 1).U8(0).U32((uint)form.Bytes);
        block.U16(0).U16(bits).U8(form.FractionBits).U8(form.ExponentBits).U8(0).U8(form.FractionBits).U32((uint)form.Bias);
    }

    private static void WriteComplex(Hdf5Block block, (int Bytes, int ExponentBits, int FractionBits, int Bias) part)
    {
        const int compound = 6, unusedBytes = 28;
        block.U8(Version | compound).Number(2, 3).U32(2 * (uint)part.Bytes);
        foreach ((string name, int offset) in new[] { ("r", 0), ("i", part.Bytes) })
        {
            block.Name(name).U32((uint)offset).Zeros(unusedBytes);
            WriteFloat(block, part);
        }
    }
}
