using System.Runtime.InteropServices;
using Pondus.Formats;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class SingleEncodingTests
{
    // The encoders and decoders of PyTorch and, for what PyTorch cannot convert, of ml_dtypes (one element a byte there).
    private const string Judge = """
        import sys, numpy, torch, ml_dtypes
        folder = sys.argv[1]
        for name in sys.argv[2:]:
            x = numpy.fromfile(f"{folder}/{name}.values", dtype=numpy.float32)
            if name.startswith(("float4_", "float6_", "int4", "uint4", "int2", "uint2")):
                y = x.astype(getattr(ml_dtypes, name))
                y.view(numpy.uint8).tofile(f"{folder}/{name}.encoded")
                y.astype(numpy.float32).tofile(f"{folder}/{name}.decoded")
            else:
                y = torch.from_numpy(x).to(getattr(torch, name))
                y.view(torch.uint8).numpy().tofile(f"{folder}/{name}.encoded")
                y.to(torch.float32).numpy().tofile(f"{folder}/{name}.decoded")
        """;

    [Fact]
    public void Encode_FloatsOfAllSizes_GivesTheBitsThatPyTorchGives()
    {
        float[] all = Probes();
        // What is not a number has no agreed bits. Six bits come in fours.
        float[] numbers = [.. all.Where(static value => !float.IsNaN(value)).Chunk(4).Where(static four => four.Length == 4).SelectMany(static four => four)];
        CompareWithPeer(
            [
                ("bool", all), ("float16", numbers), ("bfloat16", numbers), ("float64", numbers), ("float8_e4m3fn", numbers), ("float8_e4m3fnuz", numbers), ("float8_e5m2", numbers),
                ("float8_e5m2fnuz", numbers), ("float8_e8m0fnu", numbers), ("float6_e2m3fn", numbers), ("float6_e3m2fn", numbers), ("float4_e2m1fn", numbers),
            ]);
    }

    // Only what fits: beyond, PyTorch cuts off and wraps around.
    [Fact]
    public void Encode_WholeNumbers_GivesTheBitsThatPyTorchGives() => CompareWithPeer(
        [
            ("uint8", Whole(0, 255)), ("int8", Whole(-128, 127)), ("uint16", Whole(0, 65535)), ("int16", Whole(-32768, 32767)),
            ("uint32", Whole(0, 1 << 24)), ("int32", Whole(-(1 << 24), 1 << 24)), ("uint64", Whole(0, 1 << 24)), ("int64", Whole(-(1 << 24), 1 << 24)),
            ("int4", Whole(-8, 7)), ("uint4", Whole(0, 15)), ("int2", Whole(-2, 1)), ("uint2", Whole(0, 3)),
        ]);

    [Theory]
    [InlineData("int8", new[] { 0.5f, 1.5f, -2.5f, 127.5f, -128.5f, 1e9f, -1e9f, float.NaN }, new[] { 0f, 2, -2, 127, -128, 127, -128, 0 })]
    [InlineData("uint8", new[] { -0.5f, 255.4f, 255.6f, -3f, float.PositiveInfinity }, new[] { 0f, 255, 255, 0, 255 })]
    [InlineData("int64", new[] { 9.3e18f, -9.3e18f }, new[] { 9.223372036854775807e18f, -9.223372036854775808e18f })]
    [InlineData("uint64", new[] { 1.8446744e19f, 2e19f, -1f }, new[] { 1.8446744073709551615e19f, 1.8446744073709551615e19f, 0f })]
    [InlineData("int4", new[] { 7.6f, -9f, 2.5f, 3.5f }, new[] { 7f, -8, 2, 4 })]
    [InlineData("float8_e4m3fn", new[] { 448f, 464, 1e9f, float.NegativeInfinity }, new[] { 448f, 448, 448, -448 })]
    [InlineData("float8_e5m2", new[] { 61439f, 61440, -1e9f }, new[] { 57344f, float.PositiveInfinity, float.NegativeInfinity })]
    [InlineData("float8_e4m3fnuz", new[] { 247.9f, 248, -0f }, new[] { 240f, float.NaN, 0f })]
    [InlineData("float8_e8m0fnu", new[] { 1.49f, 1.5f, -3f, 0f }, new[] { 1f, 2, 4, 5.877471754111438e-39f })]
    [InlineData("float4_e2m1fn", new[] { 0.25f, 0.75f, 5.1f, -100f }, new[] { 0f, 1, 6, -6 })]
    public void Encode_BetweenTheNumbersOfTheType_RoundsToEvenAndKeepsTheRuleOfTheLargest(string dataType, float[] values, float[] expected) =>
        Assert.Equal(expected, RoundTrip(dataType, values));

    [Fact]
    public void Encode_TypeWithoutRealValues_IsRefused()
    {
        Assert.False(SingleEncoding.CanEncode("complex64"));
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => SingleEncoding.Encode("complex64", [1f], new byte[8]));
        Assert.Equal("SingleEncoding: expected a type with real values, got complex64.", error.Message);
    }

    private static void CompareWithPeer((string DataType, float[] Values)[] cases)
    {
        using TestFolder folder = new();
        foreach ((string dataType, float[] values) in cases)
        {
            folder.Write($"{dataType}.values", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }

        Peers.RunPython(["-c", Judge, folder.FullPath, .. cases.Select(static one => one.DataType)]);
        foreach ((string dataType, float[] values) in cases)
        {
            WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
            byte[] encoded = new byte[values.Length / layout.Elements * layout.Bytes];
            Assert.Equal(encoded.Length, SingleEncoding.Encode(dataType, values, encoded));
            byte[] expected = File.ReadAllBytes(folder.File($"{dataType}.encoded"));
            Assert.True(encoded.AsSpan().SequenceEqual(layout.Elements == 1 ? expected : Packed(expected, 8 * layout.Bytes / layout.Elements)), $"{dataType}: expected the peer's bits.");
            float[] decoded = new float[values.Length];
            Assert.Equal(decoded.Length, SingleConversion.Convert(dataType, encoded, decoded));
            Assert.Equal(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.File($"{dataType}.decoded"))).ToArray(), decoded);
        }
    }

    // One element a byte there, in the lowest bits.
    private static byte[] Packed(byte[] codes, int bits)
    {
        byte[] packed = new byte[codes.Length * bits / 8];
        for (int bit = 0; bit < codes.Length * bits; bit++)
        {
            packed[bit / 8] |= (byte)(((codes[bit / bits] >> (bit % bits)) & 1) << (bit % 8));
        }

        return packed;
    }

    private static float[] RoundTrip(string dataType, float[] values)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        float[] padded = [.. values, .. new float[(layout.Elements - (values.Length % layout.Elements)) % layout.Elements]];
        byte[] bytes = new byte[padded.Length / layout.Elements * layout.Bytes];
        SingleEncoding.Encode(dataType, padded, bytes);
        SingleConversion.Convert(dataType, bytes, padded);
        return padded[..values.Length];
    }

    private static float[] Whole(int smallest, int largest)
    {
        RandomSource random = new(7);
        return [smallest, largest, .. Enumerable.Range(0, 62).Select(_ => MathF.Round(smallest + (random.NextSingle() * ((float)largest - smallest))))];
    }

    /// <summary>All bit patterns of the upper half, each with lower halves near a tie, on it, and away from it.</summary>
    private static float[] Probes()
    {
        uint[] lower = [0, 1, 0x7FFF, 0x8000, 0xFFFF];
        return [.. Enumerable.Range(0, 1 << 16).SelectMany(upper => lower.Select(low => BitConverter.UInt32BitsToSingle(((uint)upper << 16) | low)))];
    }
}
