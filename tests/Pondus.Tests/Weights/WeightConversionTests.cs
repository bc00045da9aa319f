using Pondus.Formats;
using Pondus.Weights;
using Xunit;
using static Pondus.Tests.WeightFiles.WeightSamples;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightConversionTests : IDisposable
{
    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    /// <summary>Each format that can be written from each other, so a new one is tested as soon as it is listed.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            string[] names = [.. WeightFormats.All.Where(static format => format.CanWrite && format.Name != "npy").Select(static format => format.Name)];
            foreach (string from in names)
            {
                foreach (string to in names)
                {
                    pairs.Add(from, to);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Convert_ThereAndBack_KeepsEveryBit(string from, string to)
    {
        IWeightFormat first = WeightFormats.Find(from)!, second = WeightFormats.Find(to)!;
        // Keras keeps no other names than these, and an HDF5 file with them is one of Keras.
        bool isKeras = from == "keras" || to == "keras";
        string prefix = isKeras ? "layers/" : string.Empty, number = isKeras ? "/vars/0" : ".weight";
        WeightEntry matrix = Random($"{prefix}block{number}", [3, 32]);
        WeightEntry[] all =
        [
            matrix, Random($"{prefix}bias{number}", [3]), Int64($"{prefix}steps{number}", 5, -6),
            .. new[] { "float16", "bfloat16", "float64", "float8_e4m3fn", "int8", "uint8", "int32" }.Select(type => CastEntry.Of(matrix, $"{prefix}as_{type}{number}", type)),
        ];
        WeightEntry[] entries = [.. all.Where(entry => first.Holds(entry.DataType) && second.Holds(entry.DataType))];
        Assert.Contains(matrix, entries);
        string a = _samples.At("a" + first.Extensions[0]), b = _samples.At("b" + second.Extensions[0]), c = _samples.At("c" + first.Extensions[0]);
        first.Save(a, entries, new Dictionary<string, string>());
        using WeightFile fileA = WeightFile.Open(a);
        ConversionReport there = WeightConversion.Convert(fileA, b, new ConversionOptions { Format = second });
        using WeightFile fileB = WeightFile.Open(b);
        Assert.Equal((to, true), (there.TargetFormat, there.IsLossless));
        Assert.Equal(isKeras && to == "hdf5" ? "keras" : to, fileB.Format);
        WeightConversion.Convert(fileB, c, new ConversionOptions { Format = first });
        using WeightFile fileC = WeightFile.Open(c);
        string[] expected = Tensors(entries);
        Assert.Equal(expected, Tensors(fileA.Entries));
        Assert.Equal(expected, Tensors(fileB.Entries));
        Assert.Equal(expected, Tensors(fileC.Entries));
    }

    [Fact]
    public void Convert_DataType_ChangesFloatsAndSaysTheLoss()
    {
        // 1 + 2^-11 lies between two float16 values, the nearest even is 1; 70,000 is beyond 65,504; 1e-9 is below the smallest.
        WeightFile source = _samples.Write("a.safetensors", Of("x", [2, 2], 1 + (1 / 2048f), 70000, 1e-9f, 2), Int64("steps", 7));
        ConversionReport report = WeightConversion.Convert(source, _samples.At("b.safetensors"), new ConversionOptions { DataType = "float16" });
        TensorError error = Assert.Single(report.Changed);
        Assert.Equal(("x", "float32", "float16", 1L, 1L), (error.Name, error.From, error.To, error.Overflows, error.Underflows));
        Assert.Equal(1 / 2048.0, error.Max, 1e-12);
        Assert.False(report.IsLossless);
        WeightFile target = _samples.Open("b.safetensors");
        Assert.Equal([1, float.PositiveInfinity, 0, 2], target.ReadSingle("x"));
        Assert.Equal("int64", target.Find("steps")!.DataType);
    }

    [Fact]
    public void Convert_SaturatingType_CountsWhatIsBeyondIt()
    {
        WeightFile source = _samples.Write("a.safetensors", Of("x", [3], 447, 449, -1e9f));
        TensorError error = WeightConversion.Convert(source, _samples.At("b.safetensors"), new ConversionOptions { DataType = "float8_e4m3fn" }).Changed[0];
        Assert.Equal(2, error.Overflows);
        Assert.Equal([448f, 448f, -448f], _samples.Open("b.safetensors").ReadSingle("x"));
    }

    [Fact]
    public void Convert_ToAWiderType_IsLossless()
    {
        WeightFile source = _samples.Write("a.safetensors", CastEntry.Of(Random("x", [8, 8]), "x", "bfloat16"));
        ConversionReport report = WeightConversion.Convert(source, _samples.At("b.safetensors"), new ConversionOptions { DataType = "float32" });
        Assert.True(report.IsLossless);
        Assert.Equal(source.ReadSingle("x"), _samples.Open("b.safetensors").ReadSingle("x"));
    }

    [Fact]
    public void Convert_LargeTensor_IsConvertedInPartsThatJoin()
    {
        // More than two parts, and a length that ends within one.
        WeightEntry large = Random("x", [(2 * WeightValues.PartElements) + 77]);
        WeightConversion.Convert(_samples.Write("a.safetensors", large), _samples.At("b.safetensors"), new ConversionOptions { DataType = "float16" });
        Assert.Equal(large.ReadSingle().Select(static value => (float)(Half)value), _samples.Open("b.safetensors").ReadSingle("x"));
    }

    [Fact]
    public void Convert_NamesPatternsAndLayouts_AreAsAsked()
    {
        WeightFile source = _samples.Write("a.safetensors", Of("module.fc.kernel", [2, 3], 1, 2, 3, 4, 5, 6), Of("module.fc.bias", [1], 7), Of("optimizer.step", [1], 8));
        ConversionOptions options = new()
        {
            Map = new WeightNameMap([new("module.fc.kernel", "fc.weight") { Axes = [1, 0] }]),
            Keep = ["module.*"],
            StripPrefix = "module.",
        };
        ConversionReport report = WeightConversion.Convert(source, _samples.At("b.safetensors"), options);
        WeightFile target = _samples.Open("b.safetensors");
        Assert.Equal(["fc.bias", "fc.weight"], target.Entries.Select(static entry => entry.Name).Order());
        Assert.Equal([3, 2], target.Find("fc.weight")!.Shape.ToArray());
        Assert.Equal([1, 4, 2, 5, 3, 6], target.ReadSingle("fc.weight"));
        Assert.Equal(["optimizer.step"], report.Dropped);
        Assert.Equal(2, report.Renamed.Count);
        Assert.True(report.IsLossless);
    }

    [Fact]
    public void Convert_MappingOfADifference_MakesTheFilesEqual()
    {
        WeightFile keras = _samples.Write("a.safetensors", Random("dense/kernel", [4, 3]), Random("dense_1/kernel", [3, 5]), Random("dense/bias", [3]));
        WeightEntry[] torch = [TensorLayout.Permute(keras.Entries[1], [1, 0], "2.weight"), TensorLayout.Permute(keras.Entries[2], [1, 0], "0.weight"), CastEntry.Rename(keras.Entries[0], "0.bias")];
        WeightFile target = _samples.Write("b.safetensors", torch);
        WeightDifference.Compare(keras, target).Matching.ToMap().Save(_samples.At("names.json"));
        WeightConversion.Convert(keras, _samples.At("c.safetensors"), new ConversionOptions { Map = WeightNameMap.Load(_samples.At("names.json")) });
        Assert.True(WeightDifference.Compare(target, _samples.Open("c.safetensors")).IsIdentical);
    }

    [Fact]
    public void Convert_Metadata_GoAlongWithTheLineage()
    {
        WeightFile source = _samples.Write("a.safetensors", new Dictionary<string, string> { ["note"] = "hello", ["pondus.seed"] = "3" }, Random("x", [2]));
        WeightConversion.Convert(source, _samples.At("b.safetensors"));
        IReadOnlyDictionary<string, string> metadata = _samples.Open("b.safetensors").Metadata;
        string digest = WeightDigest.Compute(source.Entries);
        Assert.Equal(("hello", "3", digest), (metadata["note"], metadata["pondus.seed"], metadata["pondus.parent_sha256"]));
        Assert.Equal($"a.safetensors (safetensors) sha256:{digest}", metadata["pondus.converted_from"]);
    }

    [Theory]
    [InlineData(".safetensors", ".safetensors.index.json")]
    [InlineData(".gguf", "-00001-of-00003.gguf")]
    public void Convert_IntoPartsAndBack_KeepsEveryBit(string ending, string first)
    {
        // 1,024, 1,024 and 800 bytes in parts of 1,100.
        WeightFile source = _samples.Write("a.safetensors", Random("x", [16, 16]), Random("y", [16, 16]), Random("z", [200]));
        ConversionReport report = WeightConversion.Convert(source, _samples.At("b" + ending), new ConversionOptions { ShardBytes = 1100 });
        Assert.Equal(_samples.At("b" + first), report.Path);
        Assert.Equal(3, Directory.GetFiles(Path.GetDirectoryName(source.Path)!, $"b-*{ending}").Length);
        WeightFile parts = _samples.Open("b" + first);
        Assert.Throws<IOException>(() => WeightConversion.Convert(parts, ending == ".gguf" ? parts.Path : _samples.At("b" + ending), new ConversionOptions { ShardBytes = 1100 }));
        WeightConversion.Convert(parts, _samples.At("c.safetensors"));
        Assert.Equal(WeightDigest.Compute(source.Entries), WeightDigest.Compute(_samples.Open("c.safetensors").Entries));
    }

    [Fact]
    public void Convert_OverTheSource_IsRefused()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [2]));
        byte[] before = File.ReadAllBytes(source.Path);
        string detour = Path.Combine(Path.GetDirectoryName(source.Path)!, ".", "a.safetensors"), link = _samples.At("link.safetensors");
        File.CreateSymbolicLink(link, source.Path);
        foreach (string target in new[] { source.Path, detour, link })
        {
            IOException error = Assert.Throws<IOException>(() => WeightConversion.Convert(source, target));
            Assert.Equal($"{target}: expected a file other than the one that is read, got the same. Name another file.", error.Message);
        }

        Assert.Equal(before, File.ReadAllBytes(source.Path));
    }

    [Fact]
    public void Convert_TypesTheFormatCannotHold_AreNamedAtOnceWithTheCure()
    {
        WeightEntry x = Random("x", [2, 32]);
        WeightFile source = _samples.Write("a.safetensors", CastEntry.Of(x, "x", "float8_e5m2"), CastEntry.Of(x, "y", "bool"), CastEntry.Of(x, "z", "float8_e5m2"), Random("w", [32]));
        string target = _samples.At("b.gguf");
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => WeightConversion.Convert(source, target));
        Assert.StartsWith($"{target}: expected types that gguf holds, got ", error.Message, StringComparison.Ordinal);
        Assert.Contains("float8_e5m2 in x, z", error.Message, StringComparison.Ordinal);
        Assert.Contains("bool in y", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("--dtype float32 converts them.", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
        Assert.True(WeightConversion.Convert(source, target, new ConversionOptions { DataType = "float32" }).IsLossless);
        Assert.Equal(4, _samples.Open("b.gguf").Entries.Count);
    }

    [Fact]
    public void Convert_Cancelled_LeavesTheTargetAsItWas()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [64, 64]), Random("y", [64, 64]));
        string target = _samples.At("b.safetensors");
        File.WriteAllText(target, "old");
        using CancellationTokenSource cancelled = new();
        Reports reports = new(value =>
        {
            if (value.Stage == "writing")
            {
                cancelled.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => WeightConversion.Convert(source, target, null, reports, cancelled.Token));
        Assert.Equal("old", File.ReadAllText(target));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(target)!).Length);
    }

    [Theory]
    [InlineData("b.unknown", "expected a name that ends as a format that can be written, got none.")]
    [InlineData("b.safetensors", "expected patterns that leave a tensor, got none of 1 that fits.")]
    public void Convert_WrongOptions_SayTheCure(string name, string message)
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [2]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightConversion.Convert(source, _samples.At(name), new ConversionOptions { Drop = ["*"] }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_NamesThatMeet_AreAllNamed()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("m.x", [2]), Random("x", [2]), Random("m.y", [2]), Random("y", [2]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightConversion.Convert(source, _samples.At("b.safetensors"), new ConversionOptions { StripPrefix = "m." }));
        Assert.Contains("'x' from 'm.x' and 'x', 'y' from 'm.y' and 'y'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_MapNamesWhatIsNotThere_IsRefused()
    {
        WeightFile source = _samples.Write("a.safetensors", Random("x", [2]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightConversion.Convert(source, _samples.At("b.safetensors"), new ConversionOptions { Map = new WeightNameMap([new("p", "q"), new("r", "s")]) }));
        Assert.Contains("got no 'p', 'r'", error.Message, StringComparison.Ordinal);
    }

    private static string[] Tensors(IEnumerable<WeightEntry> entries) => [.. entries.Select(static entry => $"{entry} {Convert.ToHexStringLower(entry.ReadBytes())}").Order(StringComparer.Ordinal)];

    private sealed class Reports(Action<WeightProgress> hear) : IProgress<WeightProgress>
    {
        public void Report(WeightProgress value) => hear(value);
    }
}
