using Pondus.Formats.Blocks;

namespace Pondus.Formats;

/// <summary>Turns float32 into the element types of GGUF, with the bits of the format's own Python library.</summary>
/// <remarks>
/// <para>Types: float32, float16, bfloat16; q4_0, q4_1, q5_0, q5_1, q8_0 and mxfp4 in blocks of 32; tq1_0 and tq2_0 in blocks of 256.
/// A block keeps one scale (two numbers for those that end in 1), so a row of a matrix must be whole blocks.</para>
/// <para>Range: finite numbers whose scale a float16 can hold; what is larger becomes infinite, as in the reference.</para>
/// <para>Source: ggml's reference quantization, as gguf-py 0.19 has it.</para>
/// </remarks>
public static class BlockQuantizer
{
    private delegate void Encoder(ReadOnlySpan<float> values, Span<byte> bytes);

    /// <summary>Gets the names of the types that can be written.</summary>
    public static IReadOnlyList<string> DataTypes { get; } =
        ["float32", "float16", "bfloat16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "mxfp4", "tq1_0", "tq2_0"];

    /// <summary>Says whether a type can be written.</summary>
    /// <param name="dataType">Its name, such as <c>q8_0</c>.</param>
    /// <returns>True if so.</returns>
    public static bool CanEncode(string dataType) => Find(dataType) is not null;

    /// <summary>Gives the number of values that share a block: the last size of a tensor must be a multiple of it.</summary>
    /// <param name="dataType">A type that can be written.</param>
    /// <returns>1 for a plain type.</returns>
    /// <exception cref="NotSupportedException">The type cannot be written.</exception>
    public static int BlockElements(string dataType) => Layout(dataType).Elements;

    /// <summary>Gives the number of bytes that values take.</summary>
    /// <param name="dataType">A type that can be written.</param>
    /// <param name="count">Values, whole blocks of them.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="NotSupportedException">The type cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or ends within a block.</exception>
    public static long ByteCount(string dataType, long count)
    {
        WeightLayout layout = Layout(dataType);
        if (count < 0 || count % layout.Elements != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"BlockQuantizer: expected whole blocks of {layout.Elements} values for {dataType}, got {count} values.");
        }

        return checked(count / layout.Elements * layout.Bytes);
    }

    /// <summary>Writes values as blocks.</summary>
    /// <param name="dataType">A type that can be written.</param>
    /// <param name="values">The values, whole blocks of them.</param>
    /// <param name="destination">Receives the bytes; as long as <see cref="ByteCount"/> says.</param>
    /// <exception cref="NotSupportedException">The type cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The values end within a block.</exception>
    /// <exception cref="ArgumentException">The destination has another size.</exception>
    public static void Encode(string dataType, ReadOnlySpan<float> values, Span<byte> destination)
    {
        long bytes = ByteCount(dataType, values.Length);
        if (destination.Length != bytes)
        {
            throw new ArgumentException($"BlockQuantizer: expected {bytes} bytes for {values.Length} values as {dataType}, got {destination.Length}.", nameof(destination));
        }

        Find(dataType)!(values, destination);
    }

    private static WeightLayout Layout(string dataType) => CanEncode(dataType)
        ? WeightTypes.Layout(dataType)!.Value
        : throw new NotSupportedException($"BlockQuantizer: expected one of {string.Join(", ", DataTypes)}, got {dataType}.");

    private static Encoder? Find(string dataType) => dataType switch
    {
        "float32" => PlainEncoding.Single,
        "float16" => PlainEncoding.Half,
        "bfloat16" => PlainEncoding.BFloat16,
        "q4_0" => BlockEncoding.Q40,
        "q4_1" => BlockEncoding.Q41,
        "q5_0" => BlockEncoding.Q50,
        "q5_1" => BlockEncoding.Q51,
        "q8_0" => BlockEncoding.Q80,
        "mxfp4" => BlockEncoding.MxFp4,
        "tq1_0" => TernaryEncoding.Tq10,
        "tq2_0" => TernaryEncoding.Tq20,
        _ => null,
    };
}
