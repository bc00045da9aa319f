namespace Pondus.Weights;

/// <summary>What a narrower type would make of a tensor's finite values.</summary>
/// <remarks>Rounding is to nearest, ties to even. Errors are relative to the value; of zeros they are 0, and values below the
/// smallest normal float32 count as that large.</remarks>
/// <param name="DataType">The narrower type, such as <c>bfloat16</c>.</param>
/// <param name="LargestError">The largest relative error; 1 when a value would become 0.</param>
/// <param name="MeanError">The mean of the relative errors.</param>
/// <param name="OverflowCount">Values too large for the type, which would become infinite; their errors are not among the others.</param>
public sealed record WeightPrecision(string DataType, double LargestError, double MeanError, long OverflowCount)
{
    /// <summary>Gets whether the narrower type holds every value exactly.</summary>
    public bool IsExact => LargestError == 0 && OverflowCount == 0;
}
