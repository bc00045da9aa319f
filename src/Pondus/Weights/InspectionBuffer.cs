namespace Pondus.Weights;

/// <summary>A chunk on its way: its bytes, and what was found in them.</summary>
internal sealed class InspectionBuffer
{
    private readonly byte[] _bytes = new byte[StatisticsLayout.ChunkBytes];

    public long Index { get; set; }

    public StatisticsLayout.Chunk Chunk { get; set; }

    public StatisticsRows Rows { get; } = new();

    public Span<byte> Bytes => _bytes.AsSpan(0, Chunk.Bytes);

    public StatisticsPart Part { get; set; }
}
