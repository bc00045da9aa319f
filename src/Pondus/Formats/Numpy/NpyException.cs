namespace Pondus.Formats.Numpy;

/// <summary>An array that cannot be given; the caller knows in which file or member.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this folder.
internal sealed class NpyException(WeightRemarkKind kind, string message) : Exception(message)
#pragma warning restore CA1032, CA1064
{
    /// <summary>What sort of remark it becomes where other arrays are given.</summary>
    public WeightRemarkKind Kind { get; } = kind;
}
