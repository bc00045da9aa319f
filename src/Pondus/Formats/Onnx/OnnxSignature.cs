namespace Pondus.Formats.Onnx;

/// <summary>Recognizes a model: ONNX has no magic bytes, so its first fields must all be fields of a ModelProto, a graph among them.</summary>
internal static class OnnxSignature
{
    private const int GraphField = 7;

    public static bool Fits(ReadOnlySpan<byte> head, long length)
    {
        int known = 0;
        long at = 0;
        while (at < head.Length)
        {
            int position = (int)at;
            if (!TryVarint(head, ref position, out ulong tag) || !TryVarint(head, ref position, out ulong value))
            {
                // Cut by the end of what was read: whatever fits so far decides.
                return position >= head.Length && head.Length < length && known >= 2;
            }

            (ulong field, ulong wire) = (tag >> 3, tag & 7);
            bool fits = field switch
            {
                1 or 5 => wire == 0,
                2 or 3 or 4 or 6 or GraphField or 8 or 14 or 20 or 25 or 26 => wire == 2 && value <= (ulong)(length - position),
                _ => false,
            };
            if (!fits || (field == 1 && value > 1000))
            {
                return false;
            }

            if (field == GraphField)
            {
                return FitsGraph(head[position..]);
            }

            known++;
            at = wire == 2 ? position + (long)value : position;
        }

        // The graph begins beyond what was read, or the file is but a header.
        return known >= 2 && at <= length;
    }

    private static bool FitsGraph(ReadOnlySpan<byte> graph)
    {
        int position = 0;
        return graph.IsEmpty || !TryVarint(graph, ref position, out ulong tag)
            || ((tag & 7) == 2 && (tag >> 3) is 1 or 2 or 5 or 10 or 11 or 12 or 13 or 14 or 15 or 16);
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
