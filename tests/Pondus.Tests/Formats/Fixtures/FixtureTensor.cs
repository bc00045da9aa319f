using System.Text.Json;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>What another library read of one tensor.</summary>
/// <param name="Name">Its name, as that library gives it.</param>
/// <param name="DataType">NumPy's name of the element type, or GGUF's of the block.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Sha256">Of the little-endian, row-major bytes.</param>
/// <param name="ValuesSha256">Of the float32 values, or null.</param>
/// <param name="First">The first values; null where one is not a real number.</param>
internal sealed record FixtureTensor(string Name, string DataType, long[] Shape, string Sha256, string? ValuesSha256, double?[] First)
{
    public static FixtureTensor Of(string name, JsonElement row) => new(
        name,
        Text(row, "dtype") ?? Text(row, "type") ?? Text(row.GetProperty("attributes"), "dtype")!,
        [.. row.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())],
        // Before the digits may stand of what they are, as "of the raw_data as packed: ".
        (Text(row, "sha256") ?? Text(row, "sha256_of_bytes")!).Split(' ')[^1],
        Text(row, "values_sha256"),
        row.TryGetProperty("first", out JsonElement first) ? [.. first.EnumerateArray().Select(Number)] : []);

    /// <summary>A number as the fixtures write it: "nan" and "inf" are texts, complex numbers are pairs.</summary>
    public static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    private static string? Text(JsonElement row, string key) => row.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
}
