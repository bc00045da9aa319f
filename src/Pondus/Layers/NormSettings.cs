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

    public static string Print(in Shape sizes) => string.Join(", ", sizes.ToArray());
}
