using Pondus.Formats;
using Pondus.Formats.Gguf;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats.Gguf;

/// <summary>Files meant to break the reader: each must be refused with a message that names the byte and the cause.</summary>
public sealed class GgufHostileTests
{
    // The table of one tensor named t begins at byte 24; its data begin at a multiple of 32 behind it.
    public static TheoryData<string, byte[], long, string> Broken => new()
    {
        { "letters", "GGUX"u8.ToArray(), 0, "expected a file that begins with the letters GGUF, got another one." },
        { "empty", [], 0, "expected 4 bytes of the letters GGUF, got 0. The file is cut short or damaged." },
        { "version", GgufBytes.Start(4, 0, 0).End(), 4, "expected version 1, 2 or 3 of GGUF, got 4." },
        { "tensor count", GgufBytes.Start(3, long.MaxValue, 0).End(), 8, "expected at most 0 tensors in the bytes that are left, got 9223372036854775807. The file is cut short or damaged." },
        { "key count", GgufBytes.Start(3, 0, -1).End(), 16, "expected at most 0 keys in the bytes that are left, got 18446744073709551615. The file is cut short or damaged." },
        { "key length", GgufBytes.Start(3, 0, 1).Int64(1L << 40).UInt32(4).UInt32(0).End(), 24, "expected at most 8 bytes of a key in the bytes that are left, got 1099511627776. The file is cut short or damaged." },
        { "key bytes", GgufBytes.Start(3, 0, 1).Int64(1).Raw(0xFF).UInt32(4).UInt32(0).End(), 24, "expected a key in UTF-8, got other bytes." },
        { "value type", GgufBytes.Start(3, 0, 1).Text("k").UInt32(13).End(), 33, "'k': expected a type of value from 0 to 12, got 13." },
        { "text length", GgufBytes.Start(3, 0, 1).Text("k").UInt32(8).Int64(5).Raw(1, 2).End(), 37, "'k': expected at most 2 bytes of a text in the bytes that are left, got 5. The file is cut short or damaged." },
        { "item count", GgufBytes.Start(3, 0, 1).Text("k").UInt32(9).UInt32(12).Int64(1L << 61).End(), 41, "'k': expected at most 0 items in the bytes that are left, got 2305843009213693952. The file is cut short or damaged." },
        { "cut type", GgufBytes.Start(3, 1, 0).Text("t").UInt32(1).Int64(2).Int64(0).End(), 49, "tensor 't': expected 8 bytes of an offset, got 4. The file is cut short or damaged." },
        { "same key", GgufBytes.Start(3, 0, 2).Text("k").UInt32(7).Raw(1).Text("k").UInt32(7).Raw(1).End(), 38, "'k': expected each key once, got it twice." },
        { "alignment 0", GgufBytes.Start(3, 0, 1).Text("general.alignment").UInt32(4).UInt32(0).End(), 0, "'general.alignment': expected a power of two up to 1048576 as UInt32, got 0 as UInt32." },
        { "alignment 48", GgufBytes.Start(3, 0, 1).Text("general.alignment").UInt32(4).UInt32(48).End(), 0, "'general.alignment': expected a power of two up to 1048576 as UInt32, got 48 as UInt32." },
        { "alignment text", GgufBytes.Start(3, 0, 1).Text("general.alignment").UInt32(8).Text("32").End(), 0, "'general.alignment': expected a power of two up to 1048576 as UInt32, got 32 as Text." },
        { "dimensions", GgufBytes.Start(3, 1, 0).Text("t").UInt32(5).Int64(0).End(), 24, "tensor 't': expected at most 4 dimensions, got 5." },
        { "negative size", GgufBytes.Start(3, 1, 0).Tensor("t", 0, 0, -1).End(32, 8), 24, "tensor 't': expected sizes below 2^63, got 18446744073709551615." },
        { "product", GgufBytes.Start(3, 1, 0).Tensor("t", 0, 0, 1L << 32, 1L << 32).End(32, 8), 24, "tensor 't': expected rows of whole blocks of 1 and a product below 2^63 bits, got float32 (4294967296, 4294967296)." },
        { "half a block", GgufBytes.Start(3, 1, 0).Tensor("t", 2, 0, 16, 2).End(32, 18), 24, "tensor 't': expected rows of whole blocks of 32 and a product below 2^63 bits, got q4_0 (2, 16)." },
        { "offset", GgufBytes.Start(3, 1, 0).Tensor("t", 0, 4, 1).End(32, 64), 24, "tensor 't': expected an offset that is a multiple of 32, got 4." },
        { "beyond", GgufBytes.Start(3, 1, 0).Tensor("t", 0, 0, 3).End(32, 11), 24, "tensor 't': expected 12 bytes from 0 of the data, got 11 bytes of data. The file is cut short." },
        { "far beyond", GgufBytes.Start(3, 1, 0).Tensor("t", 0, -32, 3).End(32, 12), 24, "tensor 't': expected 12 bytes from 18446744073709551584 of the data, got 12 bytes of data. The file is cut short." },
        { "overlap", GgufBytes.Start(3, 2, 0).Tensor("a", 0, 0, 16).Tensor("b", 0, 32, 1).End(32, 64), 57, "tensor 'b': expected bytes of its own, got some of tensor 'a'." },
        { "same tensor", GgufBytes.Start(3, 2, 0).Tensor("a", 0, 0, 8).Tensor("a", 0, 32, 1).End(32, 64), 57, "tensor 'a': expected each tensor once, got it twice." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Open_BrokenRule_NamesByteAndCause(string rule, byte[] bytes, long offset, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write($"{rule}.gguf", bytes);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => GgufFile.Open(path));
        Assert.Equal($"{path} at byte {offset}: {message}", error.Message);
    }

    [Fact]
    public void Open_ArraysNestedTooDeep_IsRefused()
    {
        GgufBytes bytes = GgufBytes.Start(3, 0, 1).Text("k").UInt32(9);
        for (int depth = 0; depth < 5; depth++)
        {
            bytes.UInt32(9).Int64(1);
        }

        using TestFolder folder = new();
        string path = folder.Write("x.gguf", bytes.UInt32(7).Int64(1).Raw(1).End());
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => GgufFile.Open(path));
        Assert.Contains("'k': expected arrays nested at most 4 deep, got one more.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CountsBeyondTheFile_TakesNoMemory()
    {
        using TestFolder folder = new();
        string path = folder.Write("x.gguf", GgufBytes.Start(3, 0, 1).Text("k").UInt32(9).UInt32(8).Int64(1L << 40).End(32, 1 << 16));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WeightFormatException>(() => GgufFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Open_CutAtEveryByte_IsRefused()
    {
        byte[] whole = GgufBytes.Start(3, 1, 1).Text("k").UInt32(9).UInt32(8).Int64(1).Text("value").Tensor("t", 0, 0, 2).End(32, 8);
        using TestFolder folder = new();
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("x.gguf", whole[..length]);
            Assert.Throws<WeightFormatException>(() => GgufFile.Open(path));
        }

        using GgufFile file = GgufFile.Open(folder.Write("x.gguf", whole));
        Assert.Equal("[\"value\"]", file.Metadata["k"]);
    }

    [Fact]
    public void Open_UnknownType_LeavesTheTensorOutAndSaysSo()
    {
        using TestFolder folder = new();
        string path = folder.Write("x.gguf", GgufBytes.Start(3, 2, 0).Tensor("new", 99, 0, 2).Tensor("known", 0, 32, 2).End(32, 40));
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(["known"], file.Entries.Select(entry => entry.Name), StringComparer.Ordinal);
        WeightRemark remark = Assert.Single(file.Remarks);
        Assert.Equal(new WeightRemark(WeightRemarkKind.Refused, "new", "expected a type of element that is known, got number 99 with sizes (2). It was left out."), remark);
    }
}
