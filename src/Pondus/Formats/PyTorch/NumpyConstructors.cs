using System.Buffers.Binary;
using System.Text;

namespace Pondus.Formats.PyTorch;

/// <summary>The functions by which pickles describe NumPy's arrays and numbers, under NumPy 1's names and 2's.</summary>
internal static class NumpyConstructors
{
    /// <summary>What a call gives, or null for a function that is not known.</summary>
    internal static object? Call(string name, List<object?> items, long offset, PickleInput input) => name switch
    {
        "numpy.dtype" => items switch
        {
            [string code, ..] => new NumpyType(code.TrimStart('<', '=', '|')) { IsBigEndian = code.StartsWith('>') },
            [PickleGlobal { Name: "ml_dtypes.bfloat16" }, ..] => new NumpyType("bfloat16"),
            _ => null,
        },
        "numpy.core.multiarray._reconstruct" or "numpy._core.multiarray._reconstruct" => new NumpyArray(offset),
        "numpy.core.multiarray.scalar" or "numpy._core.multiarray.scalar" when items is [NumpyType type, var data] => Number(type, ToBytes(data, input)),
        "numpy.core.numeric._frombuffer" or "numpy._core.numeric._frombuffer" when items is [var data, NumpyType type, PickleSequence sizes, string order] =>
            Array(type, TorchConstructors.Sizes(sizes) ?? [], ToBytes(data, input), order == "F", offset),
        _ => null,
    };

    /// <summary>Fills an array with its state: (version, sizes, type, Fortran order, bytes or list).</summary>
    internal static void Build(NumpyArray array, object? state, PickleInput input)
    {
        if (state is not PickleSequence { Items: [.., PickleSequence sizes, NumpyType type, bool isFortran, var data] } || TorchConstructors.Sizes(sizes) is not { } shape)
        {
            throw input.ErrorAt(array.Offset, "NumPy array: expected (version, sizes, type, order, bytes), got another state.");
        }

        array.Shape = shape;
        array.Type = type;
        array.IsFortran = isFortran;
        array.Bytes = ToBytes(data, input);
    }

    private static object? Number(NumpyType type, byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        byte[] little = type.IsBigEndian ? [.. bytes.Reverse()] : bytes;
        return (type.Code, little.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(little),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(little),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(little),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(little),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(little),
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(little),
            ("i1", 1) => (long)(sbyte)little[0],
            ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(little),
            ("u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(little),
            ("u1", 1) => (long)little[0],
            ("b1", 1) => little[0] != 0,
            _ => new PickleSymbol($"NumPy {type.Code}"),
        };
    }

    private static NumpyArray Array(NumpyType type, long[] shape, byte[]? bytes, bool isFortran, long offset) =>
        new(offset) { Shape = shape, Type = type, Bytes = bytes, IsFortran = isFortran };

    // Python 2 stores bytes as text; a list holds Python objects.
    private static byte[]? ToBytes(object? data, PickleInput input)
    {
        switch (data)
        {
            case byte[] bytes:
                return bytes;
            case string text:
                input.Charge(text.Length);
                return Encoding.Latin1.GetBytes(text);
            default:
                return null;
        }
    }
}
