using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>x itself, where a kernel takes a function and none is wanted.</summary>
internal readonly struct IdentityOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy;
}
