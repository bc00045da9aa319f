using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Checks of what operators are given.</summary>
internal static class OperatorArguments
{
    /// <summary>An axis, counted from the end if negative.</summary>
    public static int Axis(this OnnxCall call, long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw call.Error($"expected an axis from {-rank} to {rank - 1}, got {axis}.");

    /// <summary>An index into an axis, counted from the end if negative.</summary>
    public static int Index(this OnnxCall call, long index, int size) => index >= -size && index < size
        ? (int)(index < 0 ? index + size : index)
        : throw call.Error($"expected an index from {-size} to {size - 1}, got {index}.");

    /// <summary>A size that an array may have.</summary>
    public static int Size(this OnnxCall call, long size) => size >= 0 && size <= OnnxStorage.MaxElements
        ? (int)size
        : throw call.Error($"expected a size from 0 to {OnnxStorage.MaxElements}, got {size}.");

    /// <summary>A size given as an input of one integer.</summary>
    public static int Size(this OnnxCall call, OnnxValue value) => call.Size(call.Integer(value));

    /// <summary>An input of one integer.</summary>
    public static long Integer(this OnnxCall call, OnnxValue value) => value.Count == 1
        ? value.Integers()[0]
        : throw call.Error($"expected one integer, got {value}.");

    /// <summary>An input of one number.</summary>
    public static double Number(this OnnxCall call, OnnxValue value) => value.Count == 1
        ? Elements.Doubles(value)[0]
        : throw call.Error($"expected one number, got {value}.");

    /// <summary>The product of sizes; one that no array can hold is refused.</summary>
    public static int Product(this OnnxCall call, ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (int size in sizes)
        {
            product = size >= 0 ? product * size : -1;
            if (product < 0 || product > OnnxStorage.MaxElements)
            {
                throw call.Error($"expected at most {OnnxStorage.MaxElements} elements, got ({string.Join(", ", sizes.ToArray())}).");
            }
        }

        return (int)product;
    }

    /// <summary>An element type given as its number.</summary>
    public static OnnxType ElementType(this OnnxCall call, string name, OnnxType missing) => (OnnxType)call.Int(name, (long)missing);

    /// <summary>Refuses an input of another number of axes.</summary>
    public static OnnxValue InputOfRank(this OnnxCall call, int index, int rank, string axes) => call.Input(index) is var value && value.Rank == rank
        ? value
        : throw call.Error($"expected ({axes}), got {call.Input(index)}.");
}
