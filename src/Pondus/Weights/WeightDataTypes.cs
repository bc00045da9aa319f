using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>The element types that values can be given.</summary>
public static class WeightDataTypes
{
    /// <summary>Gets their names, as NumPy and ml_dtypes name them, GGUF's blocks by GGUF's names.</summary>
    public static IReadOnlyList<string> Writable { get; } = [.. WeightTypes.All.Where(WeightEncoding.CanEncode)];
}
