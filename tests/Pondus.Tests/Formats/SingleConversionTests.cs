using System.Runtime.InteropServices;
using Pondus.Formats;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class SingleConversionTests
{
    [Fact]
    public void Convert_EveryFloat16_IsWhatHalfGives()
    {
        // 65,536 patterns and three more: the last do not fill a vector.
        ushort[] patterns = [.. Enumerable.Range(0, 1 << 16).Select(static pattern => (ushort)pattern), 0x3C00, 0x0001, 0xFC00];
        float[] expected = [.. patterns.Select(static pattern => (float)BitConverter.UInt16BitsToHalf(pattern))];
        Assert.Equal(expected, Convert("float16", MemoryMarshal.AsBytes(patterns.AsSpan())));
    }

    [Fact]
    public void Convert_EveryBrainFloat_IsTheUpperHalfOfAFloat()
    {
        ushort[] patterns = [.. Enumerable.Range(0, 1 << 16).Select(static pattern => (ushort)pattern), 0x3F80, 0x0001, 0xFF80];
        float[] expected = [.. patterns.Select(static pattern => BitConverter.UInt32BitsToSingle((uint)pattern << 16))];
        Assert.Equal(expected, Convert("bfloat16", MemoryMarshal.AsBytes(patterns.AsSpan())));
    }

    [Theory]
    [InlineData("bool", new byte[] { 0, 1, 2 }, new[] { 0f, 1, 1 })]
    [InlineData("uint8", new byte[] { 0, 255 }, new[] { 0f, 255 })]
    [InlineData("int8", new byte[] { 127, 128, 255 }, new[] { 127f, -128, -1 })]
    [InlineData("int16", new byte[] { 0xFE, 0xFF, 0, 1 }, new[] { -2f, 256 })]
    [InlineData("uint16", new byte[] { 0xFE, 0xFF }, new[] { 65534f })]
    [InlineData("uint32", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, new[] { 4294967296f })]
    [InlineData("int32", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, new[] { -1f })]
    // 2^24 + 1 lies between two floats, 2^24 the even one.
    [InlineData("int64", new byte[] { 1, 0, 0, 1, 0, 0, 0, 0 }, new[] { 16777216f })]
    // 2^63 + 2^39 + 1 is just above the middle of two floats: rounding it to double first would lose the 1.
    [InlineData("uint64", new byte[] { 1, 0, 0, 0, 0x80, 0, 0, 0x80 }, new[] { 9.223373136366403584e18f })]
    [InlineData("int4", new byte[] { 0x8F, 0x71 }, new[] { -1f, -8, 1, 7 })]
    [InlineData("uint4", new byte[] { 0x8F }, new[] { 15f, 8 })]
    [InlineData("int2", new byte[] { 0b_11_10_01_00 }, new[] { 0f, 1, -2, -1 })]
    [InlineData("uint2", new byte[] { 0b_11_10_01_00 }, new[] { 0f, 1, 2, 3 })]
    // Codes 1, 8, 31 and 32 of six bits: 2^0 1/8, 2^0, 2^2 15/8, -0.
    [InlineData("float6_e2m3fn", new byte[] { 0x01, 0xF2, 0x81 }, new[] { 0.125f, 1, 7.5f, -0f })]
    [InlineData("float8_e8m0fnu", new byte[] { 127, 0, 254, 255 }, new[] { 1f, 5.877471754111438e-39f, 1.7014118346046923e38f, float.NaN })]
    public void Convert_CodesOfSmallTypes_AreTheirNumbers(string dataType, byte[] bytes, float[] expected) => Assert.Equal(expected, Convert(dataType, bytes));

    [Fact]
    public void Convert_ComplexNumbers_IsRefused() => Assert.Null(SingleConversion.Convert("complex64", new byte[8], new float[2]));

    private static float[] Convert(string dataType, ReadOnlySpan<byte> bytes)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        float[] values = new float[bytes.Length / layout.Bytes * layout.Elements];
        Assert.Equal(values.Length, SingleConversion.Convert(dataType, bytes, values));
        return values;
    }
}
