using System.Security.Cryptography;
using Pondus.Formats;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class WeightDigestTests
{
    [Fact]
    public void Compute_OneTensor_HashesTheDocumentedBytes()
    {
        byte[] expected =
        [
            1, 0, 0, 0, (byte)'w',
            7, 0, 0, 0, .. "float32"u8,
            2, 0, 0, 0,
            1, 0, 0, 0, 0, 0, 0, 0,
            2, 0, 0, 0, 0, 0, 0, 0,
            8, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
        ];
        string digest = WeightDigest.Compute([WeightEntry.OfSingle("w", [1, 2], new[] { 1f, -2f })]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), digest);
    }

    [Fact]
    public void Compute_OtherOrder_IsTheSame_OtherShape_IsNot()
    {
        WeightEntry a = WeightEntry.OfSingle("a", [2], new[] { 1f, 2f }), b = WeightEntry.OfSingle("b", [1], new[] { 3f });
        WeightEntry reshaped = WeightEntry.OfSingle("a", [1, 2], new[] { 1f, 2f });
        Assert.Equal(WeightDigest.Compute([a, b]), WeightDigest.Compute([b, a]));
        Assert.NotEqual(WeightDigest.Compute([a, b]), WeightDigest.Compute([reshaped, b]), StringComparer.Ordinal);
    }

    [Fact]
    public void Compute_OneNameTwice_Throws()
    {
        WeightEntry entry = WeightEntry.OfSingle("a", [0], Array.Empty<float>());
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightDigest.Compute([entry, entry]));
        Assert.StartsWith("WeightDigest: expected each name once, got 'a' twice.", error.Message, StringComparison.Ordinal);
    }
}
