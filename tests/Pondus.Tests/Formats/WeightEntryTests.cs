using Pondus.Formats;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class WeightEntryTests
{
    [Fact]
    public void ReadSingle_BFloat16_IsTheUpperHalfOfASingle()
    {
        // 1.0 is 0x3F80, -2.5 is 0xC020.
        WeightEntry entry = new("w", "bfloat16", [2], new byte[] { 0x80, 0x3F, 0x20, 0xC0 });
        Assert.Equal([1f, -2.5f], entry.ReadSingle());
    }

    [Fact]
    public void ReadSingle_Float16_KeepsSubnormalsAndInfinity()
    {
        // 0x0001 is 2^-24, 0x7C00 is infinity, 0x3555 is 0.333251953125.
        WeightEntry entry = new("w", "float16", [3], new byte[] { 0x01, 0x00, 0x00, 0x7C, 0x55, 0x35 });
        Assert.Equal([MathF.Pow(2, -24), float.PositiveInfinity, 0.333251953125f], entry.ReadSingle());
    }

    [Fact]
    public void ReadSingle_Float64AcrossParts_RoundsEach()
    {
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => i / 3.0)];
        byte[] bytes = new byte[8 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        Assert.Equal(values.Select(value => (float)value), new WeightEntry("w", "float64", [100_000], bytes).ReadSingle());
    }

    [Fact]
    public void ReadSingle_ComplexNumbers_IsRefusedByName()
    {
        WeightEntry entry = new("waves", "complex64", [1], new byte[8]);
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => entry.ReadSingle());
        Assert.Equal("Tensor 'waves': expected a type with real values, got complex64.", error.Message);
    }

    [Theory]
    [InlineData(0, 12)]
    [InlineData(1, 3)]
    [InlineData(5, 6)]
    [InlineData(11, 1)]
    [InlineData(12, 0)]
    public void Read_PartsOfSingles_AreThoseOfTheirBytes(int offset, int length)
    {
        float[] values = [1.5f, -0.25f, 1e-38f];
        byte[] all = new byte[12];
        Buffer.BlockCopy(values, 0, all, 0, 12);
        byte[] part = new byte[length];
        WeightEntry.OfSingle("w", [3], values).Read(offset, part);
        Assert.Equal(all.AsSpan(offset, length).ToArray(), part);
    }

    [Fact]
    public void Constructor_OtherByteCount_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new WeightEntry("w", "float32", [2, 3], new byte[20]));
        Assert.StartsWith("Tensor 'w': expected as many bytes as float32 (2, 3) takes, got 20.", error.Message, StringComparison.Ordinal);
    }
}
