namespace Pondus.Formats.Blocks;

/// <summary>Turns GGUF's blocks of quantized weights into float32, with the bits of the format's own Python library.</summary>
/// <remarks>Source: the layouts of ggml, as gguf-py 0.19 reads them; see FORMAT.md in the folder Gguf.</remarks>
internal static class BlockDecoding
{
    private delegate void Decoder(ReadOnlySpan<byte> bytes, Span<float> values);

    /// <summary>Says whether a type is one of the blocks.</summary>
    internal static bool Knows(string dataType) => Find(dataType) is not null;

    /// <summary>Decodes whole blocks and gives the number of values; null when the type is no block.</summary>
    internal static int? Convert(string dataType, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (Find(dataType) is not { } decoder)
        {
            return null;
        }

        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        int blocks = bytes.Length / layout.Bytes;
        decoder(bytes[..(blocks * layout.Bytes)], values[..(blocks * layout.Elements)]);
        return blocks * layout.Elements;
    }

    private static Decoder? Find(string dataType) => dataType switch
    {
        "q4_0" => SmallBlocks.Q40,
        "q4_1" => SmallBlocks.Q41,
        "q5_0" => SmallBlocks.Q50,
        "q5_1" => SmallBlocks.Q51,
        "q8_0" => SmallBlocks.Q80,
        "q8_1" => SmallBlocks.Q81,
        "q1_0" => SmallBlocks.Q10,
        "q2_k" => SuperBlocks.Q2K,
        "q3_k" => SuperBlocks.Q3K,
        "q4_k" => SuperBlocks.Q4K,
        "q5_k" => SuperBlocks.Q5K,
        "q6_k" => SuperBlocks.Q6K,
        "q8_k" => SuperBlocks.Q8K,
        "iq1_s" => GridBlocks.Iq1S,
        "iq1_m" => GridBlocks.Iq1M,
        "iq2_xxs" => GridBlocks.Iq2Xxs,
        "iq2_xs" => GridBlocks.Iq2Xs,
        "iq2_s" => GridBlocks.Iq2S,
        "iq3_xxs" => GridBlocks.Iq3Xxs,
        "iq3_s" => GridBlocks.Iq3S,
        "iq4_nl" => TableBlocks.Iq4Nl,
        "iq4_xs" => TableBlocks.Iq4Xs,
        "mxfp4" => TableBlocks.MxFp4,
        "nvfp4" => TableBlocks.NvFp4,
        "tq1_0" => TernaryBlocks.Tq10,
        "tq2_0" => TernaryBlocks.Tq20,
        _ => null,
    };
}
