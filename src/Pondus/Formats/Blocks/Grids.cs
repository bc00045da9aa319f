namespace Pondus.Formats.Blocks;

/// <summary>The grids of the IQ kinds, unpacked from the bytes that tools/gguf/make_grids.py writes.</summary>
/// <remarks>
/// <para>Codes of two bits (three numbers) or four (eight numbers), the lowest bits first, one grid behind the other in the order below.</para>
/// <para>Source: the tables of ggml, which are part of the format.</para>
/// </remarks>
internal static class Grids
{
    private static readonly float[] s_two = [8, 25, 43];
    private static readonly byte[] s_codes = Load();

    internal static float[] Iq2Xxs { get; } = Unpack(0, 256 * 8, 2, s_two);

    internal static float[] Iq2Xs { get; } = Unpack(512, 512 * 8, 2, s_two);

    internal static float[] Iq2S { get; } = Unpack(1536, 1024 * 8, 2, s_two);

    internal static float[] Iq3Xxs { get; } = Unpack(3584, 256 * 4, 4, [4, 12, 20, 28, 36, 44, 52, 62]);

    internal static float[] Iq3S { get; } = Unpack(4096, 512 * 4, 4, [1, 3, 5, 7, 9, 11, 13, 15]);

    internal static float[] Iq1 { get; } = Unpack(5120, 2048 * 8, 2, [-1, 0, 1]);

    private static byte[] Load()
    {
        using Stream stream = typeof(Grids).Assembly.GetManifestResourceStream("formats/grids.bin")
            ?? throw new InvalidOperationException("Grids: expected the resource formats/grids.bin, got none.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static float[] Unpack(int start, int count, int bits, ReadOnlySpan<float> numbers)
    {
        float[] grid = new float[count];
        int perByte = 8 / bits;
        for (int i = 0; i < count; i++)
        {
            grid[i] = numbers[s_codes[start + (i / perByte)] >> (bits * (i % perByte)) & ((1 << bits) - 1)];
        }

        return grid;
    }
}
