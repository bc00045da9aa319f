using System.Buffers.Binary;
using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Xunit;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Windows on storages of numbers 0, 1, 2 ...: the element at (i, j, ...) is start + i s0 + j s1 + ...</summary>
public sealed class StridedReaderTests
{
    // Large ones are read in several boxes, and each box in several pieces.
    public static TheoryData<long[], long[], long> Windows => new()
    {
        { [3, 4], [4, 1], 0 },
        { [4, 3], [1, 4], 0 },
        { [2, 3, 4], [4, 8, 1], 5 },
        { [5, 1, 3], [0, 7, 2], 1 },
        { [1000], [100], 3 },
        { [3, 3, 3], [1, 1, 1], 0 },
        { [4000, 3000], [1, 4000], 0 },
        { [3000, 4000], [1, 3000], 7 },
        { [2, 2, 3_000_000], [0, 1, 2], 0 },
        { [300, 200, 200], [1, 60_000, 300], 0 },
        { [9_000_000, 2], [1, 9_000_000], 0 },
        { [20, 30], [100_000, 1_000], 0 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Read_Window_GivesItsElementsRowByRow(long[] shape, long[] strides, long start)
    {
        const int size = 4;
        long count = start + 1 + shape.Zip(strides, static (n, s) => (n - 1) * s).Sum();
        TorchTensor tensor = new(new TorchStorage("", "", count, 0, count, 0), start, shape, strides, 0);
        TensorWindow window = TensorWindow.Create(tensor, "int32", size, count, out _)!;
        StridedReader reader = new(new StorageBytes(Numbers, size * count, IsBigEndian: false, 0, new StorageCache()), window);
        byte[] part = new byte[1 << 18];
        for (long at = 0; at < window.Count; at += part.Length / size)
        {
            int elements = (int)Math.Min(part.Length / size, window.Count - at);
            reader.Read(at * size, part.AsSpan(0, elements * size));
            // Every eleventh is enough, and soon done.
            for (int i = 0; i < elements; i += 11)
            {
                long expected = start, rest = at + i;
                for (int axis = shape.Length - 1; axis >= 0; axis--)
                {
                    expected += rest % shape[axis] * strides[axis];
                    rest /= shape[axis];
                }

                int actual = BinaryPrimitives.ReadInt32LittleEndian(part.AsSpan(size * i));
                Assert.True(actual == expected, $"element {at + i}: expected {expected}, got {actual}.");
            }
        }
    }

    [Fact]
    public void Create_LastElementBehindTheStorage_IsRefused()
    {
        TorchTensor tensor = new(new TorchStorage("", "", 12, 0, 12, 0), 1, [3, 4], [4, 1], 0);
        Assert.Null(TensorWindow.Create(tensor, "int32", 4, 12, out string? problem));
        Assert.Equal("expected elements within a storage of 12, got a last one at 12.", problem);
    }

    private static void Numbers(long offset, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i += 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination[i..], (int)((offset + i) / 4));
        }
    }
}
