using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>How weights are pruned.</summary>
public sealed record PruningOptions
{
    /// <summary>Gets the share of the weights that become zero, in [0, 1].</summary>
    public required double Share { get; init; }

    /// <summary>Gets whether the smallest of all tensors together go, instead of the share of each tensor.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>Gets patterns of the names to prune; empty for all floating-point tensors of two axes and more.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Gets the format to write; null for the one that the target's name asks for.</summary>
    public IWeightFormat? Format { get; init; }
}
