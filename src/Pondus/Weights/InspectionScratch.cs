namespace Pondus.Weights;

/// <summary>What a thread needs for itself: room for bytes and decoded values, and a fine histogram.</summary>
internal sealed class InspectionScratch
{
    private byte[]? _bytes;
    private float[]? _singles;
    private double[]? _doubles;

    public byte[] Bytes => _bytes ??= new byte[StatisticsLayout.ChunkBytes];

    public float[] Singles => _singles ??= new float[StatisticsLayout.ChunkElements];

    public double[] Doubles => _doubles ??= new double[StatisticsLayout.ChunkElements];

    public uint[] Fine { get; } = new uint[StatisticsKernel.FineBins];
}
