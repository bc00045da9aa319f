using System.Security.Cryptography;
using Pondus.Formats;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

public sealed class InspectionTests
{
    [Fact]
    public void Of_TensorsOfManySizes_HashesTheirBytes()
    {
        List<WeightEntry> entries = [];
        List<string> expected = [];
        foreach (int count in (int[])[1, 100, 131_072, 131_073, 1_000_003])
        {
            float[] values = Values(count);
            entries.Add(WeightEntry.OfSingle($"w{count}", [count], values));
            expected.Add(Convert.ToHexStringLower(SHA256.HashData(values.SelectMany(BitConverter.GetBytes).ToArray())));
        }

        using MemoryWeightFile file = new(entries);
        Assert.Equal(expected, Inspection.Of(file).Tensors.Select(static tensor => tensor.Sha256!));
    }

    [Fact]
    public void Of_AnyNumberOfThreads_GivesTheSameBits()
    {
        using MemoryWeightFile file = new([.. Enumerable.Range(1, 5).Select(static i => WeightEntry.OfSingle($"w{i}", [i * 1000, 300], Values(i * 300_000)))]);
        string[] results = [.. new[] { 1, 2, 7 }.Select(threads => Print(Inspection.Of(file, new InspectionOptions { Threads = threads })))];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);

        static string Print(Inspection inspection) => string.Join('\n', inspection.Tensors.Select(static t =>
            $"{t.Sha256} {t.Statistics!.Mean:R} {t.Statistics.StandardDeviation:R} {t.Statistics.Precisions[0]} {t.Statistics.Precisions[1]} {string.Join(' ', t.Statistics.Histogram)}"));
    }

    [Fact]
    public void Of_CompressedData_ReadsEachTensorForward()
    {
        List<long> offsets = [];
        WeightEntry entry = new("w", "float32", [2_000_000], 8_000_000, (offset, bytes) =>
        {
            lock (offsets)
            {
                offsets.Add(offset);
            }

            bytes.Clear();
        });
        using MemoryWeightFile file = new(entry);
        Inspection.Of(file, new InspectionOptions { Threads = 4 });
        Assert.Equal(offsets.Order(), offsets);
        Assert.Equal(16, offsets.Count);
    }

    [Fact]
    public void Of_DamagedTensor_IsAFindingBesideTheOthers()
    {
        WeightEntry damaged = new("bad", "float32", [500_000], 2_000_000, (offset, _) => throw new WeightFormatException("f", offset, "expected sound bytes, got damaged ones."));
        using MemoryWeightFile file = new(damaged, WeightEntry.OfSingle("good", [3], Values(3)));
        Inspection inspection = Inspection.Of(file);
        Assert.Equal(("unreadable", InspectionSeverity.Error), (inspection.Findings[0].Id, inspection.Findings[0].Severity));
        Assert.Equal((null, null), (inspection.Tensors[0].Sha256, inspection.Tensors[0].Statistics));
        Assert.NotNull(inspection.Tensors[1].Statistics);
        Assert.Equal("not healthy: 'bad' is damaged: f at byte 0: expected sound bytes, got damaged ones.", inspection.Verdict);
    }

    [Fact]
    public void Of_FileThatGoesAway_ThrowsWhatReadingThrew()
    {
        WeightEntry gone = new("w", "float32", [500_000], 2_000_000, static (_, _) => throw new IOException("gone"));
        using MemoryWeightFile file = new(gone, WeightEntry.OfSingle("other", [1_000_000], Values(1_000_000)));
        Assert.Equal("gone", Assert.Throws<IOException>(() => Inspection.Of(file)).Message);
    }

    [Fact]
    public void Of_Canceled_Throws()
    {
        using MemoryWeightFile file = new(WeightEntry.OfSingle("w", [1_000_000], Values(1_000_000)));
        Assert.Throws<OperationCanceledException>(() => Inspection.Of(file, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Of_OneTensor_LooksAtNoOther()
    {
        using MemoryWeightFile file = new(WeightEntry.OfSingle("a", [3], Values(3)), WeightEntry.OfSingle("b", [4], Values(4)));
        Assert.Equal("b", Inspection.Of(file, new InspectionOptions { Tensor = "b" }).Tensors.Single().Entry.Name);
        Assert.Equal("memory: expected a tensor 'c', got 2 others.", Assert.Throws<KeyNotFoundException>(() => Inspection.Of(file, new InspectionOptions { Tensor = "c" })).Message);
    }

    [Fact]
    public void Of_LargeMatrices_LeaveTheirSpectraOut()
    {
        // 2 * 2000^3 and 4/3 * 2000^3 multiplications are more than a second's.
        using MemoryWeightFile file = new(WeightEntry.OfSingle("w", [2000, 2000], new float[4_000_000]), WeightEntry.OfSingle("v", [3, 3], Values(9)));
        Inspection inspection = Inspection.Of(file);
        Assert.True(inspection.SpectraLeftOut);
        Assert.All(inspection.Tensors, static tensor => Assert.Null(tensor.Spectrum));
        Assert.NotNull(Inspection.Of(file, new InspectionOptions { Tensor = "v" }).Tensors[0].Spectrum);
    }

    [Fact]
    public void Groups_Names_AreGroupedByWhatTheyShare()
    {
        using MemoryWeightFile file = new([.. new[] { "model.embed.weight", "model.layers.0.a.weight", "model.layers.0.b.weight", "model.layers.1.a.weight" }.Select(static name => WeightEntry.OfSingle(name, [2], Values(2)))]);
        Assert.Equal(["model.embed 1 2", "model.layers 3 6"], Inspection.Of(file).Groups.Select(static group => $"{group.Name} {group.TensorCount} {group.ParameterCount}"));
    }

    [Fact]
    public void Lineage_Metadata_IsWhatPondusWrote()
    {
        using MemoryWeightFile file = new(WeightEntry.OfSingle("w", [2], Values(2))) { Texts = new Dictionary<string, string> { ["format"] = "pt", ["pondus.seed"] = "7" } };
        Assert.Equal("seed 7", string.Join(' ', Inspection.Of(file).Lineage.Select(static pair => $"{pair.Key} {pair.Value}")));
    }

    private static float[] Values(int count)
    {
        RandomSource random = new(11);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() - 0.4f;
        }

        return values;
    }
}
