using System.Buffers.Binary;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Hdf5;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats.Hdf5;

public sealed class Hdf5HostileTests
{
    private const int RootHeaderAt = 64;
    private const int WordBytes = 8;
    private static readonly byte[] s_plain = WritePlain();

    [Fact]
    public void Fill_ElementThatClaimsTwoGigabytes_TakesNoMemoryForThem() =>
        Assert.Equal([0], Hdf5Fill.Read(new Hdf5Source("a.h5", 0, 0, static (_, _) => { }), [], int.MaxValue));

    [Fact]
    public void Open_FileCutShort_SaysHowManyBytesAreMissing()
    {
        WeightFormatException error = Throws(s_plain[..^1]);
        Assert.EndsWith($" at byte 0: expected a file of {s_plain.Length} bytes, got {s_plain.Length - 1}. It is cut short.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownSuperblock_SaysItsVersion() =>
        Assert.EndsWith("expected a superblock of version 0 to 3, got 9. The file is damaged, or newer than this reader.", Throws(Changed(8, [9])).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_TreeThatIsItsOwnChild_Ends()
    {
        int tree = Find("TREE");
        // Level 1, and the first child is the node itself.
        byte[] content = Changed(tree + 5, [1]);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(tree + 32), tree);

        Assert.Contains("'g': expected each node of a tree once, got one twice.", Throws(content).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GroupWithinItself_IsListedOnce()
    {
        byte[] content = [.. s_plain];
        long root = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(RootHeaderAt));
        // The root's table: its first entry is the group 'g'; its header becomes the root's.
        int table = FindLast("SNOD");
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(table + 16), root);

        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(folder.Write("a.h5", content));

        Assert.Equal(["w"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal(new WeightRemark(WeightRemarkKind.Note, "g", "another name of the group the root group, listed once."), Assert.Single(file.Remarks));
    }

    [Fact]
    public void Open_MoreGroupsWithinGroupsThanALimit_RefusesTheDeepOnes()
    {
        using TestFolder folder = new();
        string path = folder.File("a.h5");
        WeightFormats.Find("hdf5")!.Save(path, [WeightEntry.OfSingle(string.Join('/', Enumerable.Repeat("x", 200)), [1], new[] { 1f }), WeightEntry.OfSingle("w", [1], new[] { 1f })], new Dictionary<string, string>(StringComparer.Ordinal));

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal(["w"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal("expected groups at most 100 deep, got deeper ones.", Assert.Single(file.Remarks).Message);
    }

    [Fact]
    public void Open_SizesFarBeyondTheFile_RefusesTheTensorAndReadsTheOthers()
    {
        byte[] content = [.. s_plain];
        // The data set 'g/v' of three elements without bytes of its own, and with a size that fills 2^40 bytes.
        int space = FindBytes([1, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(space + WordBytes), 1L << 38);
        int layout = FindBytes([3, 1, .. BitConverter.GetBytes(112L), .. BitConverter.GetBytes(12L)]);
        content.AsSpan(layout + 2, WordBytes).Fill(0xff);

        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(folder.Write("a.h5", content));

        Assert.Equal(["w"], file.Entries.Select(static entry => entry.Name));
        WeightRemark remark = Assert.Single(file.Remarks);
        Assert.Equal((WeightRemarkKind.Refused, "g/v"), (remark.Kind, remark.Subject));
        Assert.Equal($"expected sizes that the file can fill, got {1L << 40} bytes in a file of {content.Length}.", remark.Message);
    }

    [Fact]
    public void Open_DataBeyondTheEnd_NamesTheTensorAndTheByte()
    {
        byte[] content = [.. s_plain];
        int layout = FindBytes([3, 1, .. BitConverter.GetBytes(112L), .. BitConverter.GetBytes(12L)]);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(layout + 2), 1L << 40);

        WeightFormatException error = Throws(content);

        Assert.Contains($"'g/v': expected the data within the file, got 12 bytes at address {1L << 40} of a file of {content.Length}. It is damaged or cut short.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HeaderThatContinuesInItself_Ends()
    {
        byte[] content = [.. s_plain];
        long root = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(RootHeaderAt));
        // The root's first message becomes a continuation that names its own block.
        int message = (int)root + 16;
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(message), Hdf5MessageType.Continuation);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(message + WordBytes), message);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(message + 16), 24);

        Assert.Contains("the root group: expected a block of an object's header once, got it twice.", Throws(content).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("w/inside")]
    public void Save_PathThatCannotBe_IsRefusedBeforeWriting(string name)
    {
        using TestFolder folder = new();
        WeightEntry[] entries = [WeightEntry.OfSingle("w", [1], new[] { 1f }), WeightEntry.OfSingle(name, [1], new[] { 1f })];
        Assert.Throws<ArgumentException>(() => WeightFormats.Find("hdf5")!.Save(folder.File("a.h5"), entries, new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Checksums_KnownTexts_AreTheirAuthors()
    {
        // Jenkins gives the first two in lookup3.c (driver5); the third is Fletcher's sum of three words by hand:
        // words 0x0102, 0x0304, 0x0500: sums 0x0102, 0x0406, 0x0906 and 0x0102, 0x0508, 0x0e0e.
        Assert.Equal(0xdeadbeefu, Hdf5Checksums.Lookup3([]));
        Assert.Equal(0x17770551u, Hdf5Checksums.Lookup3("Four score and seven years ago"u8));
        Assert.Equal(0x0e0e0906u, Hdf5Checksums.Fletcher32([1, 2, 3, 4, 5]));
    }

    private static byte[] WritePlain()
    {
        using TestFolder folder = new();
        string path = folder.File("a.h5");
        WeightFormats.Find("hdf5")!.Save(
            path, [WeightEntry.OfSingle("w", [2, 2], new[] { 1f, 2f, 3f, 4f }), WeightEntry.OfSingle("g/v", [3], new[] { 5f, 6f, 7f })], new Dictionary<string, string>(StringComparer.Ordinal));
        return File.ReadAllBytes(path);
    }

    private static int Find(string signature) => s_plain.AsSpan().IndexOf(Encoding.ASCII.GetBytes(signature));

    private static int FindLast(string signature) => s_plain.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(signature));

    private static int FindBytes(byte[] bytes)
    {
        int at = s_plain.AsSpan().IndexOf(bytes);
        Assert.True(at >= 0 && s_plain.AsSpan(at + 1).IndexOf(bytes) < 0, "expected these bytes once");
        return at;
    }

    private static byte[] Changed(int at, ReadOnlySpan<byte> bytes)
    {
        byte[] content = [.. s_plain];
        bytes.CopyTo(content.AsSpan(at));
        return content;
    }

    private static WeightFormatException Throws(byte[] content)
    {
        using TestFolder folder = new();
        string path = folder.Write("a.h5", content);
        return Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
    }
}
