using System.Security.Cryptography;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Tests.Conventions;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Hdf5;

/// <summary>h5py judges: what it writes is read, and what Pondus writes it reads.</summary>
public sealed class Hdf5PeerTests
{
    // Files with deep trees, paged arrays, every filter, and attributes in large numbers; and what h5py reads in them.
    private const string Writer = """
        import hashlib, json, sys, numpy as np, h5py
        folder = sys.argv[1]
        r = np.random.default_rng(int(sys.argv[2]))
        def facts(a):
            a = np.asarray(a, order="C")
            if a.dtype.byteorder == ">":
                a = a.astype(a.dtype.newbyteorder("<"))
            return [a.dtype.name, list(a.shape), hashlib.sha256(a.tobytes()).hexdigest()]
        for libver in ("earliest", "v108", "v110", "latest"):
            rows = {}
            with h5py.File(f"{folder}/{libver}.h5", "w", libver=libver if libver in ("earliest", "latest") else (libver, libver)) as f:
                def put(name, a, **how):
                    f.create_dataset(name, data=a, **how)
                    rows[name] = facts(a)
                bytes_ = r.integers(0, 255, 140000, dtype="u1")
                put("paged extensible", bytes_, chunks=(1,), maxshape=(None,))
                put("paged fixed", bytes_[:5000], chunks=(1,))
                put("paged fixed gzip", bytes_[:3000], chunks=(2,), compression="gzip")
                put("deep tree", r.integers(0, 9, (90, 90), dtype="i2"), chunks=(1, 1), maxshape=(None, None))
                put("deep tree gzip", r.integers(0, 9, (70, 70), dtype="i8"), chunks=(1, 2), maxshape=(None, None), compression="gzip")
                put("second axis grows", r.standard_normal((13, 30, 3)), chunks=(4, 7, 2), maxshape=(13, None, 5))
                put("limited", r.standard_normal((13, 30)), chunks=(4, 7), maxshape=(20, 64))
                put("lzf", np.repeat(r.integers(0, 9, 4000, dtype="i4"), 3).reshape(120, 100), chunks=(33, 41), compression="lzf")
                put("lzf shuffle", r.standard_normal((40, 41)), chunks=(13, 9), compression="lzf", shuffle=True, fletcher32=True)
                put("odd checksum", r.integers(0, 255, 999, dtype="u1"), chunks=(333,), fletcher32=True)
                put("big-endian chunks", r.standard_normal((9, 9)).astype(">f4"), chunks=(2, 5), compression="gzip", shuffle=True)
                put("big-endian", r.integers(-9, 9, (9, 9)).astype(">i8"))
                put("truth", r.integers(0, 2, (5, 5)).astype(bool), chunks=(2, 2))
                put("half complex", (r.standard_normal((3, 4)) + 1j * r.standard_normal((3, 4))).astype(">c16"))
                put("four axes", r.standard_normal((3, 4, 5, 6)).astype("f4"), chunks=(2, 3, 2, 5), compression="gzip", maxshape=(None, 4, 5, 6))
                d = f.create_dataset("holes", (50000,), dtype=">f8", chunks=(1,), maxshape=(None,), fillvalue=-0.1)
                for i in (0, 3, 4, 5, 17, 900, 4500, 33333):
                    d[i] = i
                rows["holes"] = facts(d[()])
                g = f
                for i in range(60):
                    g = g.create_group(f"level {i}")
                g["leaf"] = np.arange(3.0)
                rows[g.name[1:] + "/leaf"] = facts(np.arange(3.0))
                for i in range(1500):
                    put(f"wide/{i:05} {'x' * int(r.integers(0, 60))}", np.float32(i))
                o = f.create_group("many attributes")
                for i in range(600):
                    o.attrs[f"a{i}"] = f"text {i}" * int(r.integers(1, 9))
                o.attrs["numbers"] = np.arange(4, dtype=">i2")
            json.dump(rows, open(f"{folder}/{libver}.json", "w"))
        """;

    // Chunks of a gigabyte side by side, and of zeros that pack a thousandfold; and one damaged within a tensor.
    private const string Bombs = """
        import sys, numpy as np, h5py
        with h5py.File(sys.argv[1], "w") as f:
            f.create_dataset("wide", (1, 1 << 28), dtype="f4", chunks=(1, 1 << 20), compression="gzip")
            f.create_dataset("zeros", data=np.zeros(1 << 24, "f4"), chunks=(1 << 22,), compression="gzip", compression_opts=9)
            f.create_dataset("endless", (1 << 40,), dtype="f4", chunks=(1 << 20,))
            f["w"] = np.arange(3, dtype="f4")
        """;

    private const string Reader = """
        import hashlib, json, sys, numpy as np, h5py
        rows = {}
        with h5py.File(sys.argv[1], "r") as f:
            def visit(name, o):
                if isinstance(o, h5py.Dataset):
                    a = np.asarray(o[()], order="C")
                    dtype = a.dtype.name if a.dtype.kind != "V" else o.attrs["dtype"]
                    rows[name] = [dtype, list(a.shape), hashlib.sha256(a.tobytes()).hexdigest()]
            f.visititems(visit)
            print(json.dumps({"rows": rows, "attributes": dict(f.attrs)}))
        """;

    [Fact]
    public void Open_FilesOfAllVersionsByH5py_GivesTheValuesThatItWrote()
    {
        using TestFolder folder = new();
        Peers.RunPython(["-c", Writer, folder.FullPath, "7"]);

        foreach (string version in new[] { "earliest", "v108", "v110", "latest" })
        {
            using WeightFile file = WeightFile.Open(folder.File($"{version}.h5"));
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder.File($"{version}.json")));
            Dictionary<string, string> expected = json.RootElement.EnumerateObject().ToDictionary(static row => row.Name, static row => Row(row.Value), StringComparer.Ordinal);
            Repository.AssertNone(file.Entries.Select(entry => Difference(version, entry, expected)).OfType<string>());
            Assert.Equal(expected.Count, file.Entries.Count);
            Assert.Equal("[0, 1, 2, 3]", file.Metadata["many attributes@numbers"]);
            Assert.StartsWith("text 599", file.Metadata["many attributes@a599"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Save_AllTypesAndManyNames_IsReadByH5pyBitForBit()
    {
        using TestFolder folder = new();
        List<WeightEntry> entries = [.. Types().Select(static type => Entry($"types/{type}", type, [2, 3]))];
        entries.AddRange(Enumerable.Range(0, 700).Select(static i => Entry(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"wide/größe {i * 7919 % 700}"), "int16", [i % 3])));
        entries.Add(Entry("one", "float32", []));
        entries.Add(Entry("deep/" + string.Join('/', Enumerable.Repeat("x", 40)), "float64", [1, 1, 1]));
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["empty"] = "", ["größe"] = "✓", ["long"] = new string('y', 200_000) };
        string path = folder.File("a.h5");

        WeightFormats.Find("hdf5")!.Save(path, entries, metadata);

        using JsonDocument json = JsonDocument.Parse(Peers.RunPython(["-c", Reader, path]));
        Dictionary<string, string> read = json.RootElement.GetProperty("rows").EnumerateObject().ToDictionary(static row => row.Name, static row => Row(row.Value), StringComparer.Ordinal);
        Repository.AssertNone(entries.Select(entry => Difference("h5py", entry, read)).OfType<string>());
        Assert.Equal(metadata, json.RootElement.GetProperty("attributes").EnumerateObject().ToDictionary(static row => row.Name, static row => row.Value.GetString()!, StringComparer.Ordinal));
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal(WeightDigest.Compute(entries), WeightDigest.Compute(file.Entries));
    }

    [Fact]
    public void Open_CompressedBombs_RefusesWhatCannotBeAndReadsTheRest()
    {
        using TestFolder folder = new();
        string path = folder.File("a.h5");
        Peers.RunPython(["-c", Bombs, path]);

        using WeightFile file = WeightFile.Open(path);

        Assert.Equal(["w", "zeros"], file.Entries.Select(static entry => entry.Name));
        Assert.Equal(0f, file.ReadSingle("zeros").Max());
        Assert.Equal(["endless", "wide"], file.Remarks.Select(static remark => remark.Subject).Order(StringComparer.Ordinal));
    }

    private static string Row(JsonElement row) => string.Join(' ', row.EnumerateArray().Select(static value => value.GetRawText().Trim('"').Replace(" ", "", StringComparison.Ordinal)));

    private static string? Difference(string who, WeightEntry entry, Dictionary<string, string> expected)
    {
        string got = $"{entry.DataType} [{string.Join(',', entry.Shape.ToArray())}] {Convert.ToHexStringLower(SHA256.HashData(entry.ReadBytes()))}";
        string? wanted = expected.GetValueOrDefault(entry.Name);
        return string.Equals(got, wanted, StringComparison.Ordinal) ? null : $"{who}: {entry.Name}: expected {wanted}, got {got}";
    }

    private static string[] Types() =>
    [
        "bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64", "complex64", "complex128",
        "bfloat16", "float8_e4m3fn", "float8_e5m2",
    ];

    private static WeightEntry Entry(string name, string dataType, long[] shape)
    {
        long count = shape.Aggregate(1L, static (product, size) => product * size);
        RandomSource random = new((ulong)name.Length);
        byte[] bytes = [.. Enumerable.Range(0, (int)count * WeightTypes.Layout(dataType)!.Value.Bytes).Select(_ => (byte)random.NextInt32(dataType is "bool" ? 2 : 256))];
        return new WeightEntry(name, dataType, shape, bytes);
    }
}
