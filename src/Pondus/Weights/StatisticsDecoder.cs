using System.Runtime.InteropServices;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Turns the bytes of a chunk into float32 values where those hold all of a type; the others go through <see cref="WeightValues"/>.</summary>
internal static class StatisticsDecoder
{
    /// <summary>Whether float32 cannot hold every value of a type.</summary>
    public static bool IsWide(string dataType) => dataType is "float64" or "int64" or "uint64" or "int32" or "uint32";

    /// <summary>Gives float32 values; false when the type has no real values.</summary>
    /// <param name="dataType">A type that is not wide.</param>
    /// <param name="bytes">Whole elements or blocks.</param>
    /// <param name="scratch">Room for the values where they are not the bytes themselves.</param>
    /// <param name="values">The values.</param>
    public static bool TryDecode(string dataType, ReadOnlySpan<byte> bytes, Span<float> scratch, out ReadOnlySpan<float> values)
    {
        if (dataType is "float32" && BitConverter.IsLittleEndian)
        {
            values = MemoryMarshal.Cast<byte, float>(bytes);
            return true;
        }

        int? count = SingleConversion.Convert(dataType, bytes, scratch);
        values = scratch[..(count ?? 0)];
        return count is not null;
    }
}
