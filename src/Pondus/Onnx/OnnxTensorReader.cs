using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Reads the tensors of a file into values.</summary>
internal static class OnnxTensorReader
{
    private const int MaxSparseElements = 1 << 26;

    public static OnnxValue Read(OnnxTensor tensor)
    {
        int[] shape = Sizes(tensor.Name, tensor.Dims);
        if (tensor.Strings is { } strings)
        {
            return OnnxValue.Of(Array.ConvertAll(strings, Encoding.UTF8.GetString), shape);
        }

        WeightEntry entry = tensor.Entry ?? throw new OnnxException($"tensor '{tensor.Name}': expected elements, got none.");
        return tensor.Type switch
        {
            OnnxType.Float => OnnxValue.Of(entry.ReadSingle(), shape),
            OnnxType.Double => OnnxValue.Of(Plain<double>(entry), shape),
            OnnxType.Float16 => OnnxValue.Of(Plain<Half>(entry), shape),
            OnnxType.BFloat16 => OnnxValue.Of(Plain<BFloat16>(entry), shape),
            OnnxType.UInt8 => OnnxValue.Of(Plain<byte>(entry), shape),
            OnnxType.Int8 => OnnxValue.Of(Plain<sbyte>(entry), shape),
            OnnxType.UInt16 => OnnxValue.Of(Plain<ushort>(entry), shape),
            OnnxType.Int16 => OnnxValue.Of(Plain<short>(entry), shape),
            OnnxType.UInt32 => OnnxValue.Of(Plain<uint>(entry), shape),
            OnnxType.Int32 => OnnxValue.Of(Plain<int>(entry), shape),
            OnnxType.UInt64 => OnnxValue.Of(Plain<ulong>(entry), shape),
            OnnxType.Int64 => OnnxValue.Of(Plain<long>(entry), shape),
            OnnxType.Bool => OnnxValue.Of(Array.ConvertAll(entry.ReadBytes(), static x => x != 0), shape),
            OnnxType.Complex128 => OnnxValue.Of(Plain<Complex>(entry), shape),
            OnnxType.Complex64 => OnnxValue.Of(OnnxType.Complex64, Array.ConvertAll(Plain<(float Real, float Imaginary)>(entry), static x => new Complex(x.Real, x.Imaginary)), shape),
            OnnxType.Float8E4M3FN or OnnxType.Float8E4M3FNUZ or OnnxType.Float8E5M2 or OnnxType.Float8E5M2FNUZ or OnnxType.Float8E8M0 =>
                OnnxValue.Of(tensor.Type, entry.ReadBytes(), shape),
            OnnxType.UInt4 or OnnxType.Float4E2M1 => OnnxValue.Of(tensor.Type, Unpack(entry, 4), shape),
            OnnxType.UInt2 => OnnxValue.Of(tensor.Type, Unpack(entry, 2), shape),
            OnnxType.Int4 => OnnxValue.Of(tensor.Type, Array.ConvertAll(Unpack(entry, 4), static x => (sbyte)((sbyte)(x << 4) >> 4)), shape),
            OnnxType.Int2 => OnnxValue.Of(tensor.Type, Array.ConvertAll(Unpack(entry, 2), static x => (sbyte)((sbyte)(x << 6) >> 6)), shape),
            _ => throw new OnnxException($"tensor '{tensor.Name}': expected an element type that is known, got {OnnxTypes.Name(tensor.Type)}."),
        };
    }

    /// <summary>Reads a sparse tensor: zero where it has no element.</summary>
    public static OnnxValue Read(OnnxSparseTensor sparse)
    {
        OnnxValue values = Read(sparse.Values);
        long[] indices = Read(sparse.Indices).Integers();
        int[] shape = Sizes(sparse.Values.Name, sparse.Dims);
        bool isFlat = sparse.Indices.Dims.Length == 1;
        if (indices.Length != values.Count * (isFlat ? 1 : shape.Length))
        {
            throw new OnnxException($"sparse tensor '{sparse.Values.Name}': expected a place for each of {values.Count} values, got {indices.Length} numbers.");
        }

        // Its sizes are not bounded by the file's, so they are here.
        int count = OnnxStorage.Count(shape);
        if (count > MaxSparseElements)
        {
            throw new OnnxException($"sparse tensor '{sparse.Values.Name}': expected at most {MaxSparseElements} elements, got {count}.");
        }

        int[] from = new int[count];
        Array.Fill(from, -1);
        for (int i = 0; i < values.Count; i++)
        {
            long place = isFlat ? indices[i] : 0;
            for (int axis = 0; !isFlat && axis < shape.Length; axis++)
            {
                long index = indices[(i * shape.Length) + axis];
                place = index >= 0 && index < shape[axis] ? (place * shape[axis]) + index : -1;
                if (place < 0)
                {
                    break;
                }
            }

            from[place >= 0 && place < from.Length ? (int)place : throw new OnnxException($"sparse tensor '{sparse.Values.Name}': expected places within ({string.Join(", ", shape)}), got others.")] = i;
        }

        return Operators.Movement.Pick(values, shape, from);
    }

    /// <summary>The bytes of a value, as files have them.</summary>
    public static WeightEntry Write(string name, OnnxValue value)
    {
        byte[] bytes = value.Type switch
        {
            OnnxType.Float => MemoryMarshal.AsBytes(value.Floats()).ToArray(),
            OnnxType.Double => Raw<double>(value),
            OnnxType.Float16 => Raw<Half>(value),
            OnnxType.BFloat16 => Raw<BFloat16>(value),
            OnnxType.UInt8 => Raw<byte>(value),
            OnnxType.Int8 => Raw<sbyte>(value),
            OnnxType.UInt16 => Raw<ushort>(value),
            OnnxType.Int16 => Raw<short>(value),
            OnnxType.UInt32 => Raw<uint>(value),
            OnnxType.Int32 => Raw<int>(value),
            OnnxType.UInt64 => Raw<ulong>(value),
            OnnxType.Int64 => Raw<long>(value),
            OnnxType.Bool => Array.ConvertAll(value.Data<bool>(), static x => x ? (byte)1 : (byte)0),
            OnnxType.Complex128 => Raw<Complex>(value),
            OnnxType.Complex64 => MemoryMarshal.AsBytes(Array.ConvertAll(value.Data<Complex>(), static x => ((float)x.Real, (float)x.Imaginary)).AsSpan()).ToArray(),
            OnnxType.UInt4 or OnnxType.Float4E2M1 => Pack(value.Data<byte>(), 4),
            OnnxType.UInt2 => Pack(value.Data<byte>(), 2),
            OnnxType.Int4 => Pack(Array.ConvertAll(value.Data<sbyte>(), static x => (byte)x), 4),
            OnnxType.Int2 => Pack(Array.ConvertAll(value.Data<sbyte>(), static x => (byte)x), 2),
            OnnxType.String or OnnxType.Sequence or OnnxType.Optional or OnnxType.Map => throw new OnnxException($"value '{name}': expected a tensor of numbers, got {value}."),
            _ => Raw<byte>(value),
        };
        return new WeightEntry(name, OnnxTypes.Name(value.Type), Array.ConvertAll(value.Shape, static size => (long)size), bytes);
    }

    private static int[] Sizes(string name, long[] dims) => Array.ConvertAll(dims, size => size is >= 0 and <= int.MaxValue
        ? (int)size
        : throw new OnnxException($"tensor '{name}': expected sizes from 0 to below 2^31, got {size}."));

    private static byte[] Raw<T>(OnnxValue value)
        where T : unmanaged => MemoryMarshal.AsBytes(value.Data<T>().AsSpan()).ToArray();

    private static byte[] Pack(byte[] values, int bits)
    {
        int share = 8 / bits, mask = (1 << bits) - 1;
        byte[] packed = new byte[(values.Length + share - 1) / share];
        for (int i = 0; i < values.Length; i++)
        {
            packed[i / share] |= (byte)((values[i] & mask) << (i % share * bits));
        }

        return packed;
    }

    private static T[] Plain<T>(WeightEntry entry)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Onnx: expected a little-endian processor.");
        }

        T[] data = new T[entry.Count];
        entry.Read(0, MemoryMarshal.AsBytes(data.AsSpan()));
        return data;
    }

    // Low bits first.
    private static byte[] Unpack(WeightEntry entry, int bits)
    {
        byte[] packed = entry.ReadBytes();
        byte[] data = new byte[entry.Count];
        int mask = (1 << bits) - 1, share = 8 / bits;
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)((packed[i / share] >> (i % share * bits)) & mask);
        }

        return data;
    }
}
