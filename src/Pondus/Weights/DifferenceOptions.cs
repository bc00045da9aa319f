namespace Pondus.Weights;

/// <summary>How far a comparison goes.</summary>
public sealed record DifferenceOptions
{
    /// <summary>Gets the largest number of values of a tensor whose distribution is compared exactly; of larger tensors so many are sampled, evenly spread.</summary>
    public int DistributionLimit { get; init; } = 1 << 21;

    /// <summary>Gets the largest number of multiplications for the comparison by rows; of larger matrices evenly spread rows are compared.</summary>
    public long RowWork { get; init; } = 1L << 28;

    /// <summary>Gets whether matrices are compared by rows at all: it takes the most time.</summary>
    public bool ComparesRows { get; init; } = true;

    /// <summary>Gets pairs of names that are settled, or null.</summary>
    public WeightNameMap? Map { get; init; }

    /// <summary>Gets how many tensors are compared at a time; 0 for one per processor.</summary>
    public int Threads { get; init; }
}
