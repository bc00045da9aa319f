using System.Runtime.InteropServices;
using Pondus.Formats;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightStatisticsTests
{
    private const double Close = 1e-14;

    [Fact]
    public void Of_FourValues_GivesThePopulationsDeviation()
    {
        // Deviations -1.5, -0.5, 0.5, 1.5: squares 5 in all, over 4.
        WeightStatistics s = Of([4], 1, 2, 3, 4);
        Assert.Equal((4L, 1.0, 4.0, 2.5), (s.Count, s.Min, s.Max, s.Mean));
        Assert.Equal(Math.Sqrt(1.25), s.StandardDeviation, Close);
        Assert.Equal(Math.Sqrt(30.0 / 4), s.RootMeanSquare, Close);
        Assert.Equal(0, s.RowCount);
    }

    [Fact]
    public void Of_EveryLength_AgreesWithAPlainLoop()
    {
        RandomSource random = new(7);
        for (int n = 1; n <= 256; n++)
        {
            float[] values = [.. Enumerable.Range(0, n).Select(i => i % 7 == 3 ? 0f : (random.NextSingle() * 4) - 1)];
            WeightStatistics s = Of([n], values);
            double mean = values.Average(static v => (double)v), variance = values.Average(v => (v - mean) * (v - mean));
            Assert.Equal(mean, s.Mean, Close);
            Assert.Equal(Math.Sqrt(variance), s.StandardDeviation, 1e-12);
            Assert.Equal((values.Min(), values.Max(), values.Count(static v => v == 0)), ((float)s.Min, (float)s.Max, (int)s.ZeroCount));
            Assert.Equal(n, s.Histogram.Sum());
        }
    }

    [Fact]
    public void Of_LargeMeanAndSmallDeviation_LosesNothing()
    {
        // Half the values are 10,000 and half 10,001: the square of the mean has 8 digits before the variance of 1/4.
        float[] values = [.. Enumerable.Range(0, 1_000_000).Select(static i => 10_000f + (i % 2))];
        WeightStatistics s = Of([1_000_000], values);
        Assert.Equal(10_000.5, s.Mean, 1e-10);
        Assert.Equal(0.5, s.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Of_NonFiniteValues_CountsThemAndLeavesThemOut()
    {
        float[] values = new float[10_000];
        Array.Fill(values, 3f);
        (values[1], values[5000], values[5001], values[9999]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN);
        WeightStatistics s = Of([10_000], values);
        Assert.Equal((2L, 1L, 1L, 4L), (s.NanCount, s.PositiveInfinityCount, s.NegativeInfinityCount, s.NonFiniteCount));
        Assert.Equal((3.0, 3.0, 3.0, 0.0), (s.Min, s.Max, s.Mean, s.StandardDeviation));
        Assert.False(s.IsConstant);
        WeightStatistics none = Of([2], float.NaN, float.NaN);
        Assert.True(double.IsNaN(none.Min) && double.IsNaN(none.Mean) && double.IsNaN(none.StandardDeviation));
    }

    [Fact]
    public void Of_EmptyTensor_HasNoValues()
    {
        InspectionTensor tensor = Tensor(new WeightEntry("e", "float32", [0, 3], ReadOnlyMemory<byte>.Empty));
        Assert.Equal(0, tensor.Statistics!.Count);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", tensor.Sha256);
    }

    [Theory]
    [InlineData("int64", 8)]
    [InlineData("uint64", 8)]
    [InlineData("int32", 4)]
    [InlineData("uint32", 4)]
    [InlineData("int16", 2)]
    [InlineData("uint16", 2)]
    [InlineData("int8", 1)]
    [InlineData("uint8", 1)]
    public void Of_WholeNumbers_HaveTheirRange(string type, int size)
    {
        // All bits set is -1 for signed types, the largest for the others; then 0 and 5.
        byte[] bytes = new byte[3 * size];
        bytes.AsSpan(0, size).Fill(255);
        bytes[2 * size] = 5;
        WeightStatistics s = Tensor(new WeightEntry("i", type, [3], bytes)).Statistics!;
        bool isSigned = type[0] == 'i';
        Assert.Equal(isSigned ? -1 : 0, s.Min);
        Assert.Equal(isSigned ? 5 : Math.Pow(2, 8 * size) - 1, s.Max);
        Assert.Equal(1, s.ZeroCount);
        Assert.Empty(s.Precisions);
    }

    [Fact]
    public void Of_HalfTypes_ReadsTheirValues()
    {
        byte[] half = MemoryMarshal.AsBytes<Half>([(Half)1.5f, (Half)(-2f), Half.NaN]).ToArray();
        WeightStatistics s = Tensor(new WeightEntry("h", "float16", [3], half)).Statistics!;
        Assert.Equal((-2.0, 1.5, 1L), (s.Min, s.Max, s.NanCount));

        // 0x3FC0 is 1.5 in bfloat16, 0xC000 is -2.
        s = Tensor(new WeightEntry("b", "bfloat16", [2], new byte[] { 0xC0, 0x3F, 0x00, 0xC0 })).Statistics!;
        Assert.Equal((-2.0, 1.5, -0.25), (s.Min, s.Max, s.Mean));
    }

    [Fact]
    public void Of_ComplexNumbers_AreHashedOnly()
    {
        InspectionTensor tensor = Tensor(new WeightEntry("c", "complex64", [1], new byte[8]));
        Assert.Null(tensor.Statistics);
        Assert.Equal(64, tensor.Sha256!.Length);
    }

    [Theory]
    [InlineData(1f, 0, 0)]
    [InlineData(1.00390625f, 0.00390625 / 1.00390625, 0)]
    [InlineData(65504f, 32 / 65504.0, 0)]
    [InlineData(2.98023224e-8f, 0, 1)]
    [InlineData(8.94069672e-8f, 0, 1.0 / 3)]
    [InlineData(1e-30f, -1, 1)]
    public void Precisions_OneValue_GiveTheRoundingError(float value, double bfloat16, double float16)
    {
        // 1 + 2^-8 is half way between two bfloat16 and rounds to the even one, 1; 65504 = 2^16 - 2^5 rounds to 2^16.
        // 2^-25 is half of the smallest float16 and rounds to 0; 1.5 of it is half way to 2 and rounds to the even one, 2.
        WeightStatistics s = Of([1], value);
        Assert.Equal("bfloat16 float16", string.Join(' ', s.Precisions.Select(static p => p.DataType)));
        if (bfloat16 >= 0)
        {
            Assert.Equal(bfloat16, s.Precisions[0].LargestError, 1e-9);
        }

        Assert.Equal(float16, s.Precisions[1].LargestError, 1e-6);
        Assert.Equal(s.Precisions[1].LargestError, s.Precisions[1].MeanError);
    }

    [Fact]
    public void Precisions_RandomBits_AgreeWithHalf()
    {
        RandomSource random = new(3);
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => BitConverter.UInt32BitsToSingle((random.NextUInt32() & 0x8FFF_FFFF) | 0x3000_0000)).Where(static v => Math.Abs(v) < 1e6)];
        double largest = 0;
        int overflows = 0;
        foreach (float value in values)
        {
            float narrow = (float)(Half)value;
            overflows += float.IsInfinity(narrow) ? 1 : 0;
            largest = float.IsInfinity(narrow) ? largest : Math.Max(largest, Math.Abs(narrow - value) / Math.Abs(value));
        }

        WeightPrecision float16 = Of([values.Length], values).Precisions[1];
        Assert.Equal(overflows, float16.OverflowCount);
        Assert.Equal(largest, float16.LargestError, 1e-6);
    }

    [Fact]
    public void Precisions_ValuesThatFit_AreExact()
    {
        // Whole numbers up to 256 take 8 bits, which bfloat16 and float16 have.
        WeightStatistics s = Of([512], [.. Enumerable.Range(0, 512).Select(static i => i - 256f)]);
        Assert.All(s.Precisions, static p => Assert.True(p.IsExact));
        Assert.Equal(1, Of([2], 70_000, 65_519).Precisions[1].OverflowCount);
        double[] wide = [0.1, 0.5];
        WeightPrecision single = Tensor(new WeightEntry("d", "float64", [2], MemoryMarshal.AsBytes<double>(wide).ToArray())).Statistics!.Precisions.Single();
        Assert.Equal(("float32", Math.Abs(0.1f - 0.1) / 0.1), (single.DataType, single.LargestError));
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(4, 300_000)]
    [InlineData(70_000, 3)]
    public void Rows_ZeroAndConstant_AreCountedInShortAndLongRows(int rows, int length)
    {
        float[] values = new float[rows * length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i % length) + 1;
        }

        Array.Clear(values, length, length);
        Array.Fill(values, 7f, (rows - 1) * length, length);

        // A row that differs in its last value only is alive.
        Array.Clear(values, 2 * length, length - 1);
        WeightStatistics s = Of([rows, length], values);
        Assert.Equal((rows, 1L, 1L), (s.RowCount, s.ZeroRowCount, s.ConstantRowCount));
        Assert.Equal([1, rows - 1L], s.FirstDeadRows);
    }

    [Fact]
    public void Rows_OfOneValue_AreNone()
    {
        WeightStatistics s = Of([3, 1], 0, 0, 1);
        Assert.Equal((0L, 0L, 2L), (s.RowCount, s.ZeroRowCount, s.ZeroCount));
    }

    [Fact]
    public void Of_SharedBlocks_HaveTheirValues()
    {
        // float4: two elements a byte, the first in the low half; 0x1 is 0.5 and 0xF is -6.
        WeightStatistics s = Tensor(new WeightEntry("f", "float4_e2m1fn", [2, 2], new byte[] { 0xF1, 0x11 })).Statistics!;
        Assert.Equal((-6.0, 0.5, 2L, 1L), (s.Min, s.Max, s.RowCount, s.ConstantRowCount));
    }

    [Fact]
    public void Histogram_ValuesOnAGrid_FollowsThem()
    {
        // A thousand values at each of -1 and 1, two thousand at 0: ends and middle.
        float[] values = [.. Enumerable.Range(0, 4000).Select(static i => (i % 4) switch { 0 => -1f, 1 => 1f, _ => 0f })];
        IReadOnlyList<long> counts = Of([4000], values).Histogram;
        Assert.Equal("1000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,2000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1000", string.Join(',', counts));
        WeightHistogram exact = WeightHistogram.Of(WeightEntry.OfSingle("w", [4000], values), -1, 1, 4)!;
        Assert.Equal([1000, 0, 2000, 1000], exact.Counts);
    }

    [Fact]
    public void Histogram_EvenValues_IsNearlyFlat()
    {
        float[] values = [.. Enumerable.Range(0, 64_000).Select(static i => (i / 32_000f) - 1)];
        IReadOnlyList<long> counts = Of([64_000], values).Histogram;

        // 2,000 each; bins of a sixteenth of an octave are up to 6 % of the range from 0 wide.
        Assert.All(counts, static count => Assert.InRange(count, 1850, 2150));
        Assert.Equal([64_000], WeightHistogram.Of(WeightEntry.OfSingle("w", [64_000], values), -1, 1, 1)!.Counts);
    }

    private static WeightStatistics Of(int[] shape, params float[] values) => Tensor(WeightEntry.OfSingle("w", shape, values)).Statistics!;

    private static InspectionTensor Tensor(WeightEntry entry)
    {
        using MemoryWeightFile file = new(entry);
        return Inspection.Of(file).Tensors[0];
    }
}
