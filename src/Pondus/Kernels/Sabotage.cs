namespace Pondus.Kernels;

/// <summary>Faults that are switched on from outside to show that the tests notice them.</summary>
/// <remarks>Read once at start-up, so compiled code pays nothing when the variable is unset.</remarks>
internal static class Sabotage
{
    /// <summary>True when PONDUS_TEST_SABOTAGE is <c>gemm</c>: every matrix product comes out with its sign flipped.</summary>
    public static readonly bool FlipGemmSign = string.Equals(Environment.GetEnvironmentVariable("PONDUS_TEST_SABOTAGE"), "gemm", StringComparison.Ordinal);
}
