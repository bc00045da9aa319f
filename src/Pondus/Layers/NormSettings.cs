namespace Pondus.Layers;

/// <summary>What the normalizing layers check alike.</summary>
internal static class NormSettings
{
    public static float CheckEpsilon(string who, float epsilon) => epsilon is > 0f and < float.PositiveInfinity
        ? epsilon
        : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"{who}: expected an epsilon above 0, got {epsilon}.");

    public static Shape CheckSizes(string who, in Shape sizes) => sizes.Rank > 0 && sizes.Count > 0
        ? sizes
        : throw new ArgumentOutOfRangeException(nameof(sizes), $"{who}: expected at least one axis and one value to normalize, got {sizes}.");

    public static void CheckLastAxes(Layer who, in Shape shape, in Shape sizes)
    {
        int first = shape.Rank - sizes.Rank;
        bool same = first >= 0;
        for (int i = 0; same && i < sizes.Rank; i++)
        {
            same = shape[first + i] == sizes[i];
        }

        if (!same)
        {
            throw new ShapeException($"{who}: expected input of shape (..., {Print(sizes)}), got {shape}.");
        }
    }

    /// <summary>Refuses what is not (batch, C, height, width), or (C, height, width) for one sample.</summary>
    public static void CheckImages(Layer who, in Shape shape, int channels, bool withBatch)
    {
        if (shape.Rank != (withBatch ? 4 : 3) || shape[withBatch ? 1 : 0] != channels)
        {
            throw new ShapeException($"{who}: expected input of shape ({(withBatch ? "batch, " : string.Empty)}{channels}, height, width), got {shape}.");
        }
    }

    /// <summary>Refuses what is not (batch, C, length), or (batch, C) where vectors are allowed; without the batch for one sample.</summary>
    public static void CheckSequences(Layer who, in Shape shape, int channels, bool withBatch, bool orVectors)
    {
        int rank = withBatch ? 3 : 2;
        if ((shape.Rank != rank && !(orVectors && shape.Rank == rank - 1)) || shape[withBatch ? 1 : 0] != channels)
        {
            string start = withBatch ? "batch, " : string.Empty;
            throw new ShapeException($"{who}: expected input of shape {(orVectors ? $"({start}{channels}) or " : string.Empty)}({start}{channels}, length), got {shape}.");
        }
    }

    public static string Print(in Shape sizes) => string.Join(", ", sizes.ToArray());
}
