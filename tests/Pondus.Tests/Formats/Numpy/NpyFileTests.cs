using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Numpy;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Numpy;

public sealed class NpyFileTests
{
    [Fact]
    public void Open_StructuredTypeOfNumPy_GivesItsFields()
    {
        using WeightFile file = WeightFile.Open(TestData.PathOf("fixtures/numpy/structured.npy"));
        Assert.Equal(["tensor.id int32 (2)", "tensor.w float64 (2)", "tensor.p uint16 (2, 2)"], file.Entries.Select(static entry => entry.ToString()));
        Assert.Equal([1f, 3f], file.ReadSingle("tensor.id"));
        Assert.Equal([2.5f, 4.5f], file.ReadSingle("tensor.w"));
        Assert.Equal([1f, 2f, 3f, 4f], file.ReadSingle("tensor.p"));
        Assert.Equal([new WeightRemark(WeightRemarkKind.Refused, "tensor.s", "Field 's': expected numbers, got |S3: byte strings.")], file.Remarks);
    }

    // Sizes and slabs: rows in one slab, and rows that need several, read in runs and as a whole.
    [Theory]
    [InlineData(3, 4, 5)]
    [InlineData(1, 7, 1)]
    [InlineData(6000, 1000, 2)]
    [InlineData(3, 4_000_000, 1)]
    [InlineData(0, 3, 2)]
    public void Read_FirstAxisFastest_GivesRowMajorBytes(int rows, int columns, int depth)
    {
        using TestFolder folder = new();
        // The element at (i, j, k) is its place in row-major order; the file has it at i + rows (j + columns k).
        int[] stored = new int[rows * columns * depth];
        for (int i = 0; i < stored.Length; i++)
        {
            int row = i % rows, column = i / rows % columns, layer = i / rows / columns;
            stored[i] = (((row * columns) + column) * depth) + layer;
        }

        byte[] data = new byte[4 * stored.Length];
        Buffer.BlockCopy(stored, 0, data, 0, data.Length);
        string path = folder.Write("a.npy", Build($"{{'descr': '<i4', 'fortran_order': True, 'shape': ({rows}, {columns}, {depth}), }}", data));
        using WeightFile file = WeightFile.Open(path);
        WeightEntry entry = file.Entries[0];
        byte[] whole = entry.ReadBytes();
        Assert.Equal(Enumerable.Range(0, stored.Length), Enumerable.Range(0, stored.Length).Select(i => BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(4 * i))));
        if (stored.Length > 2)
        {
            byte[] part = new byte[5];
            entry.Read(whole.Length - 6, part);
            Assert.Equal(whole[^6..^1], part);
            entry.Read(1, part);
            Assert.Equal(whole[1..6], part);
        }
    }

    [Fact]
    public void Read_OtherByteOrder_TurnsRoundWhateverPartIsRead()
    {
        using TestFolder folder = new();
        string path = folder.Write("a.npy", Build("{'descr': '>i2', 'fortran_order': False, 'shape': (3,)}", [1, 2, 3, 4, 5, 6]));
        using WeightFile file = WeightFile.Open(path);
        byte[] part = new byte[4];
        file.Entries[0].Read(1, part);
        Assert.Equal([1, 4, 3, 6], part);
        Assert.Equal([2, 1, 4, 3, 6, 5], file.Entries[0].ReadBytes());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "expected numbers, got Python objects (|O): a pickle, for which Python would run code. Nothing was run.")]
    [InlineData("{'descr': [('a', '<f4'), ('b', 'O')], 'fortran_order': False, 'shape': (1,)}", "expected numbers, got Python objects (O): a pickle, for which Python would run code. Nothing was run.")]
    [InlineData("{'descr': '<V2', 'fortran_order': False, 'shape': (1,)}", "expected numbers, got <V2: elements of 2 bytes without a type, which may be bfloat16. Save them as float32, or as safetensors.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,)}", "expected 20 bytes of numbers, got 16. It is cut short.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "expected sizes whose product is below 2^63 bytes, got (4294967296, 4294967296).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2305843009213693952,)}", "expected sizes whose product is below 2^63 bytes, got (2305843009213693952).")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "expected a header with descr, fortran_order and shape, got another.")]
    [InlineData("{'descr': '<f4', 'shape': (1,)}", "expected a header with descr, fortran_order and shape, got another.")]
    [InlineData("{'descr': '<q4', 'fortran_order': False, 'shape': (1,)}", "expected numbers, got <q4: a type that is not known.")]
    [InlineData("{'descr': [], 'fortran_order': False, 'shape': (1,), 'shape': (2,)}", "expected the key 'shape' once at character 66 of the header, got '}'.")]
    [InlineData("__import__('os')", "expected a text, a whole number, True, False or a bracket at character 0 of the header, got '_'.")]
    [InlineData("((((((((((((((((((((((((", "expected fewer brackets within each other at character 17 of the header, got '('.")]
    [InlineData("{'descr': [('a', '<f4', (1000000000, 1000000000))], 'fortran_order': False, 'shape': (1,)}", "expected at most 10000 fields of at most 2^31 bytes, got more.")]
    [InlineData("{'descr': [('a', '<f4'), ('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "expected each field once, got 'a' twice.")]
    public void Open_BrokenOrNoNumbers_NamesTheCause(string header, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write("a.npy", Build(header, new byte[16]));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Equal($"{path} at byte 0: {message}", error.Message);
    }

    [Fact]
    public void Open_ArchiveOfManyKinds_GivesTheArraysAndARemarkForEachOther()
    {
        using TestFolder folder = new();
        string path = folder.File("a.npz");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(archive, "w.npy", Build("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", [0, 0, 0x80, 0x3F]));
            Add(archive, "o.npy", Build("{'descr': '|O', 'fortran_order': False, 'shape': ()}", [0x80, 2]));
            Add(archive, "note.txt", "no array"u8.ToArray());
        }

        using WeightFile file = WeightFile.Open(path);
        Assert.Equal(["w float32 ()"], file.Entries.Select(static entry => entry.ToString()));
        Assert.Equal([1f], file.ReadSingle("w"));
        Assert.Equal([(WeightRemarkKind.Threat, "o"), (WeightRemarkKind.Skipped, "note.txt")], file.Remarks.Select(static remark => (remark.Kind, remark.Subject)));
    }

    [Fact]
    public void Save_EveryTypeThatNumPyHas_IsReadByNumPyWithTheSameBits()
    {
        const string judge = """
            import sys, numpy
            folder = sys.argv[1]
            for path in (f"{folder}/a.npz", f"{folder}/one.npy"):
                data = numpy.load(path, allow_pickle=False)
                arrays = dict(data) if path.endswith("z") else {"one": data}
                for name, array in arrays.items():
                    print(name, array.dtype.name, array.shape, array.tobytes().hex())
                if path.endswith("y"):
                    numpy.save(f"{folder}/theirs.npy", data)
            """;
        string[] types = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "complex64", "complex128"];
        List<WeightEntry> entries = [.. types.Select(static type => Entry(type, type, [2, 3])), Entry("größe/層", "float32", []), Entry("empty", "float64", [0, 4])];
        using TestFolder folder = new();
        NpyWriter.SaveNpz(folder.File("a.npz"), entries);
        NpyWriter.SaveNpy(folder.File("one.npy"), Entry("one", "float32", [7]));
        string expected = string.Concat(entries.Append(Entry("one", "float32", [7])).Select(static entry =>
            $"{entry.Name} {entry.DataType} ({string.Join(", ", entry.Shape.ToArray())}{(entry.Shape.Length == 1 ? "," : "")}) {Convert.ToHexStringLower(entry.ReadBytes())}\n"));
        Assert.Equal(expected, Peers.RunPython(["-X", "utf8", "-c", judge, folder.FullPath]).ReplaceLineEndings("\n"));
        Assert.Equal(File.ReadAllBytes(folder.File("theirs.npy")), File.ReadAllBytes(folder.File("one.npy")));
    }

    [Theory]
    [InlineData("bfloat16", "w", "expected a type that NumPy has, got bfloat16.")]
    [InlineData("float32", "a\\b", "expected a name of at most 65000 bytes without a backslash, got another, which archives cannot hold.")]
    public void SaveNpz_WhatNumPyCannotHold_IsRefusedBeforeWriting(string dataType, string name, string message)
    {
        using TestFolder folder = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => NpyWriter.SaveNpz(folder.File("a.npz"), [Entry(name, dataType, [1])]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Read_ElementsLargerThanTheBuffer_GivesTheirFields()
    {
        // Two elements of 4 + 100,000 bytes each.
        byte[] element = [.. BitConverter.GetBytes(1.5f), .. Enumerable.Range(0, 100_000).Select(static i => (byte)i)];
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(folder.Write("a.npy", Build("{'descr': [('a', '<f4'), ('b', '|u1', (100000,))], 'fortran_order': False, 'shape': (2,)}", [.. element, .. element])));
        Assert.Equal([1.5f, 1.5f], file.ReadSingle("tensor.a"));
        Assert.Equal([.. element[4..], .. element[4..]], file.Find("tensor.b")!.ReadBytes());
    }

    [Fact]
    public void Read_ManyCompressedMembersByTurns_GivesEachItsOwnBytes()
    {
        const int members = 50, count = 3000;
        using TestFolder folder = new();
        string path = folder.File("a.npz");
        using (FileStream stream = File.Create(path))
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create);
            for (int i = 0; i < members; i++)
            {
                Add(archive, $"{i}.npy", Build($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count},)}}", [.. Enumerable.Range(i, count).Select(static value => (byte)value)]));
            }
        }

        using WeightFile file = WeightFile.Open(path);
        // More than are kept open, each continued after all others were read; the parts come forward and, in the end, back again.
        int[] offsets = [0, 1000, 2000, 500];
        Parallel.For(0, members * offsets.Length, turn =>
        {
            int member = turn % members, offset = offsets[turn / members];
            byte[] part = new byte[900];
            file.Entries[member].Read(offset, part);
            Assert.Equal(Enumerable.Range(member + offset, part.Length).Select(static value => (byte)value), part);
        });
    }

    private static WeightEntry Entry(string name, string dataType, long[] shape)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        long count = shape.Aggregate(layout.Bytes, static (product, size) => (int)(product * size));
        // 0 and 1 alternating are values of bool too.
        return new WeightEntry(name, dataType, shape, Enumerable.Range(0, (int)count).Select(static i => (byte)(i % 2)).ToArray());
    }

    private static byte[] Build(string header, byte[] data)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. data];
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }
}
