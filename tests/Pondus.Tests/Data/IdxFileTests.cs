using System.IO.Compression;
using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class IdxFileTests
{
    private static readonly byte[] s_matrix = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_PlainOrCompressed_IsSeenFromTheContent(bool isCompressed)
    {
        using TestFolder folder = new();
        IdxFile file = IdxFile.Load(folder.Write("m.idx", isCompressed ? Compressed(s_matrix) : s_matrix));
        Assert.Equal([2, 3], file.Shape);
        Assert.Equal(IdxType.UInt8, file.Type);
        Assert.Equal([1f, 2, 3, 4, 5, 255], file.ToSingle());
        Assert.Equal([1, 2, 3, 4, 5, 255], file.ToInt32());
    }

    [Theory]
    [InlineData(0x09, new byte[] { 0xFE }, -2f)]
    [InlineData(0x0B, new byte[] { 0xFF, 0x00 }, -256f)]
    [InlineData(0x0C, new byte[] { 0x00, 0x01, 0x00, 0x00 }, 65536f)]
    [InlineData(0x0D, new byte[] { 0x3F, 0xC0, 0, 0 }, 1.5f)]
    [InlineData(0x0E, new byte[] { 0xC0, 0x04, 0, 0, 0, 0, 0, 0 }, -2.5f)]
    public void ToSingle_EveryType_IsBigEndian(byte type, byte[] value, float expected)
    {
        using TestFolder folder = new();
        IdxFile file = IdxFile.Load(folder.Write("v.idx", [0, 0, type, 1, 0, 0, 0, 1, .. value]));
        Assert.Equal([expected], file.ToSingle());
    }

    [Fact]
    public void Load_CutAtEveryByte_IsRefusedInOneLine()
    {
        using TestFolder folder = new();
        byte[] packed = Compressed(s_matrix);
        for (int length = 0; length < s_matrix.Length; length++)
        {
            string path = folder.Write("cut.idx", s_matrix[..length]);
            DataFormatException error = Assert.Throws<DataFormatException>(() => IdxFile.Load(path));
            Assert.StartsWith($"{path}: expected ", error.Message, StringComparison.Ordinal);
        }

        for (int length = 2; length < packed.Length; length++)
        {
            string path = folder.Write("cut.idx", packed[..length]);
            if (Record.Exception(() => Assert.Equal([1f, 2, 3, 4, 5, 255], IdxFile.Load(path).ToSingle())) is Exception error)
            {
                Assert.StartsWith($"{path}: expected ", Assert.IsType<DataFormatException>(error).Message, StringComparison.Ordinal);
            }
            else
            {
                // Only the mark of the end, the checksum and the length may be missing: all values were there.
                Assert.InRange(length, packed.Length - 12, packed.Length);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, 3, "expected 6 bytes for (2, 3) of UInt8, got 3. The file is cut short.")]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7 }, 3, "expected 6 bytes for (2, 3) of UInt8, got 7. There are bytes after the last value.")]
    public void Load_OtherLength_ShowsBoth(byte[] data, byte columns, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write("m.idx", [.. s_matrix[..11], columns, .. data]);
        Assert.Equal($"{path}: {message}", Assert.Throws<DataFormatException>(() => IdxFile.Load(path)).Message);
    }

    [Fact]
    public void Load_CompressedWithBytesAfter_IsRefused()
    {
        using TestFolder folder = new();
        string path = folder.Write("m.idx", Compressed([.. s_matrix, 9]));
        Assert.Equal(
            $"{path}: expected 6 bytes for (2, 3) of UInt8, got more. There are bytes after the last value.",
            Assert.Throws<DataFormatException>(() => IdxFile.Load(path)).Message);
    }

    [Fact]
    public void Load_CompressedThatClaimsBillions_TakesNoMemory()
    {
        using TestFolder folder = new();
        string path = folder.Write("m.idx", Compressed([0, 0, 8, 2, 0, 0, 0x40, 0, 0, 0, 0x20, 0, 1, 2, 3]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataFormatException error = Assert.Throws<DataFormatException>(() => IdxFile.Load(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
        Assert.Equal($"{path}: expected 134217728 bytes for (16384, 8192) of UInt8, got 3. The file is cut short.", error.Message);
    }

    [Theory]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0, 0, 0, 0 }, "expected an IDX file (bytes 0, 0, type, rank), got something else.")]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 0 }, "expected an IDX file (bytes 0, 0, type, rank), got something else.")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "expected an IDX file of 1 to 8 axes, got 0.")]
    [InlineData(new byte[] { 0, 0, 8, 200 }, "expected an IDX file of 1 to 8 axes, got 200.")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0 }, "expected 2 sizes, got the end of the file. It is cut short.")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "expected at most 268435448 values, got sizes beyond that, 4294967295 at axis 0.")]
    [InlineData(new byte[] { 0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, "expected gzip data, got a damaged stream. The file is cut short or changed.")]
    public void Load_NotIdx_SaysWhat(byte[] content, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write("x.idx", content);
        Assert.Equal($"{path}: {message}", Assert.Throws<DataFormatException>(() => IdxFile.Load(path)).Message);
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        using TestFolder folder = new();
        IOException error = Assert.Throws<IOException>(() => IdxFile.Load(folder.File("no.idx")));
        Assert.Equal($"{folder.File("no.idx")}: expected a file, got no such file.", error.Message);
    }

    internal static byte[] Compressed(byte[] content)
    {
        using MemoryStream stream = new();
        using (GZipStream packed = new(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            packed.Write(content);
        }

        return stream.ToArray();
    }
}
