using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Two tensors of two files that are taken for counterparts.</summary>
/// <param name="First">The tensor of the first file.</param>
/// <param name="Second">The tensor of the second file.</param>
/// <param name="Kind">Why they are.</param>
public sealed record TensorMatch(WeightEntry First, WeightEntry Second, MatchKind Kind)
{
    /// <summary>Gets the order of the first one's axes that gives the second one's layout, or null when the layouts agree.</summary>
    public IReadOnlyList<int>? Axes { get; init; }
}
