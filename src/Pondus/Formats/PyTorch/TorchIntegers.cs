using System.Buffers.Binary;

namespace Pondus.Formats.PyTorch;

/// <summary>Reads the whole numbers of a small tensor: indices, sizes, offsets.</summary>
internal static class TorchIntegers
{
    private const int MostCount = 1 << 24;

    /// <summary>Reads int64 or int32 values, or gives null for another type or too many.</summary>
    internal static long[]? Read(TensorWindow window, StorageBytes storage)
    {
        if (window.DataType is not ("int64" or "int32") || window.Count > MostCount)
        {
            return null;
        }

        byte[] bytes = new byte[window.Count * window.ElementBytes];
        if (bytes.Length > 0)
        {
            new StridedReader(storage, window).Read(0, bytes);
        }

        long[] values = new long[window.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = window.ElementBytes == 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8 * i)) : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * i));
        }

        return values;
    }
}
