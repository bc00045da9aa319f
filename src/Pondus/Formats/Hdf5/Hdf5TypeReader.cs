using System.Text;

namespace Pondus.Formats.Hdf5;

/// <summary>Reads the description of an element type.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, section IV.A.2.d.</remarks>
internal static class Hdf5TypeReader
{
    private const int MostDepth = 8;
    private const int MostRank = 32;

    /// <summary>Reads a type and moves the cursor behind it.</summary>
    internal static Hdf5Type Read(ref Hdf5Cursor cursor, int depth = 0)
    {
        if (depth > MostDepth)
        {
            throw cursor.Error($"expected types within types at most {MostDepth} deep, got more");
        }

        byte head = cursor.U8();
        int kind = head & 0x0f, version = head >> 4;
        uint bits = cursor.U8() | ((uint)cursor.U8() << 8) | ((uint)cursor.U8() << 16);
        long size = cursor.U32();
        if (version is < 1 or > 5 || size is 0 or > int.MaxValue)
        {
            throw cursor.Error($"expected an element type of version 1 to 5 and at least a byte, got version {version} and {size} bytes");
        }

        return kind switch
        {
            0 => ReadInteger(ref cursor, (int)size, bits),
            1 => ReadFloat(ref cursor, (int)size, bits),
            2 => Skipped(ref cursor, 2, (int)size, "times"),
            3 => new Hdf5Type(Hdf5TypeKind.FixedText, (int)size, "texts of fixed length"),
            4 => Skipped(ref cursor, 4, (int)size, "bit fields"),
            5 => Skipped(ref cursor, (int)(bits & 0xff), (int)size, "opaque bytes") with { Kind = Hdf5TypeKind.Opaque },
            6 => ReadCompound(ref cursor, (int)size, version, (int)(bits & 0xffff), depth),
            7 => new Hdf5Type(Hdf5TypeKind.Other, (int)size, "references"),
            8 => ReadEnum(ref cursor, (int)size, version, (int)(bits & 0xffff), depth),
            9 => ReadVariable(ref cursor, (int)size, (bits & 0x0f) == 1, depth),
            10 => ReadArray(ref cursor, (int)size, version, depth),
            11 => ReadComplex(ref cursor, (int)size, depth),
            _ => throw new Hdf5UnsupportedException($"expected a known element type, got class {kind}"),
        };
    }

    private static Hdf5Type Skipped(ref Hdf5Cursor cursor, int bytes, int size, string description)
    {
        cursor.Skip(bytes);
        return new Hdf5Type(Hdf5TypeKind.Other, size, description);
    }

    private static Hdf5Type ReadInteger(ref Hdf5Cursor cursor, int size, uint bits)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        bool isSigned = (bits & 8) != 0;
        return offset == 0 && precision == 8 * size && size is 1 or 2 or 4 or 8
            ? new Hdf5Type(Hdf5TypeKind.Number, size, "integers") { DataType = $"{(isSigned ? string.Empty : "u")}int{precision}", IsBigEndian = (bits & 1) != 0 }
            : new Hdf5Type(Hdf5TypeKind.Other, size, $"integers of {precision} bits in {size} bytes");
    }

    private static Hdf5Type ReadFloat(ref Hdf5Cursor cursor, int size, uint bits)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        int exponentAt = cursor.U8(), exponentBits = cursor.U8(), fractionAt = cursor.U8(), fractionBits = cursor.U8();
        uint bias = cursor.U32(), sign = (bits >> 8) & 0xff;
        bool isPlain = offset == 0 && precision == 8 * size && fractionAt == 0 && exponentAt == fractionBits && sign == precision - 1 && (bits & 0x40) == 0;
        string? name = (size, exponentBits, fractionBits, bias) switch
        {
            (2, 5, 10, 15) => "float16",
            (2, 8, 7, 127) => "bfloat16",
            (4, 8, 23, 127) => "float32",
            (8, 11, 52, 1023) => "float64",
            (1, 4, 3, 7) => "float8_e4m3fn",
            (1, 5, 2, 15) => "float8_e5m2",
            _ => null,
        };
        return isPlain && name is not null
            ? new Hdf5Type(Hdf5TypeKind.Number, size, "floating-point numbers") { DataType = name, IsBigEndian = (bits & 1) != 0 }
            : new Hdf5Type(Hdf5TypeKind.Other, size, $"floating-point numbers with {exponentBits} bits of exponent and {fractionBits} of fraction in {size} bytes");
    }

    private static Hdf5Type ReadVariable(ref Hdf5Cursor cursor, int size, bool isText, int depth)
    {
        Hdf5Type element = Read(ref cursor, depth + 1);
        return isText
            ? new Hdf5Type(Hdf5TypeKind.VariableText, size, "texts of any length")
            : new Hdf5Type(Hdf5TypeKind.Other, size, $"lists of any length of {element.Description}");
    }

    private static Hdf5Type ReadArray(ref Hdf5Cursor cursor, int size, int version, int depth)
    {
        int rank = cursor.U8();
        cursor.Skip(version < 3 ? 3 : 0);
        if (rank > MostRank)
        {
            throw cursor.Error($"expected at most {MostRank} axes, got {rank}");
        }

        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = cursor.U32();
        }

        cursor.Skip(version < 3 ? 4L * rank : 0);
        Hdf5Type element = Read(ref cursor, depth + 1);
        return element.Kind == Hdf5TypeKind.Number && WeightTypes.TryCount(shape, out long count) && count == size / element.Size && size % element.Size == 0
            ? element with { Size = size, ArrayShape = [.. shape, .. element.ArrayShape] }
            : new Hdf5Type(Hdf5TypeKind.Other, size, $"arrays of {element.Description}");
    }

    private static Hdf5Type ReadComplex(ref Hdf5Cursor cursor, int size, int depth) => Complex(Read(ref cursor, depth + 1), size);

    private static Hdf5Type Complex(Hdf5Type part, int size) => (part.DataType, size) switch
    {
        ("float16", 4) => part with { Size = size, DataType = "complex32", Description = "complex numbers" },
        ("float32", 8) => part with { Size = size, DataType = "complex64", Description = "complex numbers" },
        ("float64", 16) => part with { Size = size, DataType = "complex128", Description = "complex numbers" },
        _ => new Hdf5Type(Hdf5TypeKind.Other, size, $"complex numbers of {part.Description}"),
    };

    private static Hdf5Type ReadCompound(ref Hdf5Cursor cursor, int size, int version, int count, int depth)
    {
        List<(string Name, long Offset, Hdf5Type Type)> members = [];
        for (int i = 0; i < count; i++)
        {
            string name = ReadName(ref cursor, isPadded: version < 3);
            long offset = version < 3 ? cursor.U32() : cursor.Number(WidthOf(size));
            cursor.Skip(version == 1 ? 28 : 0);
            members.Add((name, offset, Read(ref cursor, depth + 1)));
        }

        // How h5py writes complex numbers.
        if (members is [{ Name: "r", Offset: 0 } real, { Name: "i" } imaginary] && real.Type == imaginary.Type && imaginary.Offset == real.Type.Size)
        {
            return Complex(real.Type, size);
        }

        return new Hdf5Type(Hdf5TypeKind.Other, size, $"records of {string.Join(", ", members.Select(static member => $"{member.Name}: {member.Type.Description}"))}");
    }

    private static Hdf5Type ReadEnum(ref Hdf5Cursor cursor, int size, int version, int count, int depth)
    {
        Hdf5Type element = Read(ref cursor, depth + 1);
        List<string> names = [];
        for (int i = 0; i < count; i++)
        {
            names.Add(ReadName(ref cursor, isPadded: version < 3));
        }

        ReadOnlySpan<byte> values = cursor.Take((long)count * element.Size);
        // How h5py writes truth values.
        return size == 1 && names is ["FALSE", "TRUE"] && values.SequenceEqual<byte>([0, 1])
            ? new Hdf5Type(Hdf5TypeKind.Number, size, "truth values") { DataType = "bool" }
            : new Hdf5Type(Hdf5TypeKind.Other, size, $"names of values ({string.Join(", ", names)})");
    }

    private static int WidthOf(int size) => (System.Numerics.BitOperations.Log2((uint)size) / 8) + 1;

    private static string ReadName(ref Hdf5Cursor cursor, bool isPadded)
    {
        int length = 0;
        Hdf5Cursor ahead = cursor;
        while (ahead.U8() != 0)
        {
            length++;
        }

        string name = Encoding.UTF8.GetString(cursor.Take(length));
        int padding = isPadded ? 8 - (length % 8) : 1;
        cursor.Skip(padding);
        return name;
    }
}
