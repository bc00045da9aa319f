using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>How weights are merged.</summary>
public sealed record MergingOptions
{
    /// <summary>Gets the method.</summary>
    public MergeMethod Method { get; init; } = MergeMethod.Average;

    /// <summary>Gets a weight for each file; empty for equal ones (1 each in task arithmetic, where they are not divided by their sum).</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>Gets the weights that the files were trained from; for task arithmetic only.</summary>
    public WeightFile? Base { get; init; }

    /// <summary>Gets the factor of the summed changes; for task arithmetic only.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets the format to write; null for the one that the target's name asks for.</summary>
    public IWeightFormat? Format { get; init; }
}
