using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

/// <summary>Each fault is found in weights that are sound but for it, and sound weights have none.</summary>
public sealed class InspectionRulesTests
{
    [Fact]
    public void Find_SoundWeights_NothingGraverThanANote()
    {
        using MemoryWeightFile file = new(Matrix("a.weight", 1), Matrix("b.weight", 2), Matrix("c.weight", 3));
        Inspection inspection = Inspection.Of(file);
        Assert.True(inspection.IsHealthy);
        Assert.Equal("healthy: 3 tensors without NaN, infinities, dead rows or odd scales.", inspection.Verdict);
    }

    [Theory]
    [InlineData("NaN", "non-finite", "Error", "1 NaN values in b.weight.")]
    [InlineData("infinity", "non-finite", "Error", "1 infinite values in b.weight.")]
    [InlineData("zero row", "dead-rows", "Warning", "1 output whose weights are all one number, in b.weight (row 5 of 80 in the first).")]
    [InlineData("zeros", "constant", "Warning", "all values are 0 in b.weight: never trained, or cleared.")]
    [InlineData("tiny", "near-zero", "Warning", "no magnitude above 1E-08 in b.weight.")]
    [InlineData("huge", "exploding", "Warning", "root mean square above 100 (rule of thumb) in b.weight: *")]
    [InlineData("uneven", "uneven", "Warning", "root mean square * in b.weight, over 10000 times from the median *")]
    [InlineData("one direction", "rank", "Warning", "effective rank 1 of 80 in b.weight: under 5 % (rule of thumb).")]
    [InlineData("rounded", "precision", "Note", "bfloat16 holds every value of b.weight exactly: 13 KB could be saved.")]
    [InlineData("beyond float16", "overflow", "Note", "values up to 7E+04 in b.weight are beyond float16.")]
    [InlineData("copy", "duplicate", "Note", "equal bytes (26 KB each) in a.weight and b.weight: tied or copied.")]
    public void Find_Fault_IsNamed(string fault, string id, string severity, string message)
    {
        float[] values = Values(fault == "copy" ? 1ul : 2);
        switch (fault)
        {
            case "NaN":
                values[7] = float.NaN;
                break;
            case "infinity":
                values[7] = float.NegativeInfinity;
                break;
            case "zero row":
                Array.Clear(values, 400, 80);
                break;
            case "zeros":
                Array.Clear(values);
                break;
            case "beyond float16":
                // Which also makes the root mean square 70,000 / 80, so the whole is not healthy.
                values[7] = 70_000;
                break;
            case "one direction":
                values = [.. Enumerable.Range(0, 6400).Select(static i => (1f + (i % 80)) / (7 + (i / 80)))];
                break;
            case "rounded":
                values = Array.ConvertAll(values, static v => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(v) & 0xFFFF_0000));
                break;
            default:
                float factor = fault switch { "tiny" => 1e-9f, "huge" => 1e4f, "uneven" => 1e-5f, _ => 1 };
                values = Array.ConvertAll(values, v => v * factor);
                break;
        }

        using MemoryWeightFile file = new(Matrix("a.weight", 1), WeightEntry.OfSingle("b.weight", [80, 80], values), Matrix("c.weight", 3));
        Inspection inspection = Inspection.Of(file);
        InspectionFinding finding = Assert.Single(inspection.Findings, finding => finding.Id == id);
        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Equal(severity == "Note" && fault != "beyond float16", inspection.IsHealthy);
        Assert.Contains("b.weight", finding.Tensors);
        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(message).Replace("\\*", ".*", StringComparison.Ordinal) + "$", finding.Message);
    }

    [Fact]
    public void Find_ZeroRowOfAnEmbedding_IsANote()
    {
        float[] values = Values(2);
        Array.Clear(values, 0, 80);
        using MemoryWeightFile file = new(WeightEntry.OfSingle("word_embeddings.weight", [80, 80], values));
        Assert.Equal(InspectionSeverity.Note, Assert.Single(Inspection.Of(file).Findings, static finding => finding.Id == "dead-rows").Severity);
    }

    [Theory]
    [InlineData("optimizer.state.0.exp_avg_sq")]
    [InlineData("optimizer/vars/3")]
    public void Find_TinyStateOfAnOptimizer_IsNoFault(string name)
    {
        float[] values = Array.ConvertAll(Values(2), static v => v * 1e-12f);
        Array.Clear(values, 0, 80);
        using MemoryWeightFile file = new(Matrix("a", 1), Matrix("b", 2), WeightEntry.OfSingle(name, [80, 80], values));
        Assert.True(Inspection.Of(file).IsHealthy);
        values[0] = float.NaN;
        Assert.False(Inspection.Of(file).IsHealthy);
    }

    [Fact]
    public void Find_ConstantsThatAreMeant_AreNoFaults()
    {
        using MemoryWeightFile file = new(
            Matrix("a", 1),
            WeightEntry.OfSingle("mask/Const", [1], new float[] { float.NegativeInfinity }),
            WeightEntry.OfSingle("attention/key/bias", [4, 8], new float[32]));
        Assert.True(Inspection.Of(file).IsHealthy);
    }

    [Fact]
    public void Find_LargeHeader_IsNoted()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            SafetensorsWriter.Save(path, [Matrix("a", 1)], new Dictionary<string, string> { ["text"] = new string('x', 2_000_000) });
            using WeightFile file = WeightFile.Open(path);
            Assert.StartsWith("2,000 KB of the file's 2,026 KB", Assert.Single(Inspection.Of(file).Findings).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Verdict_FileThatAsksForCode_IsNotToBeTrusted()
    {
        using MemoryWeightFile file = new(Matrix("a", 1)) { Said = [new WeightRemark(WeightRemarkKind.Threat, "os.system", "asked for.")] };
        Assert.Equal("not to be trusted: the file asks its reader to run code, which was not done: os.system.", Inspection.Of(file).Verdict);
    }

    [Fact]
    public void Verdict_NothingLookedAt_SaysSo()
    {
        using MemoryWeightFile file = new(Matrix("a", 1)), none = new();
        Assert.Equal("not judged: no values were looked at.", Inspection.Of(file, new InspectionOptions { Statistics = false, Spectra = SpectrumChoice.None }).Verdict);
        Assert.Equal("nothing to judge: no tensors.", Inspection.Of(none).Verdict);
    }

    private static WeightEntry Matrix(string name, ulong seed) => WeightEntry.OfSingle(name, [80, 80], Values(seed));

    private static float[] Values(ulong seed)
    {
        RandomSource random = new(seed);
        float[] values = new float[6400];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }
}
