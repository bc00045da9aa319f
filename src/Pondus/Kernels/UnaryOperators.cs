using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>-x.</summary>
internal readonly struct NegateOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => x ^ TV.CreateBits(int.MinValue);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy ^ TV.CreateBits(int.MinValue);
}

/// <summary>|x|.</summary>
internal readonly struct AbsoluteOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Absolute(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * VectorMath.Sign(x);
}

/// <summary>x^2.</summary>
internal readonly struct SquareOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => x * x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * (x + x);
}

/// <summary>The square root.</summary>
internal readonly struct SquareRootOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy / (y + y);
}

/// <summary>1 / x.</summary>
internal readonly struct ReciprocalOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Create(1f) / x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => (dy ^ TV.CreateBits(int.MinValue)) * y * y;
}

/// <summary>e^x.</summary>
internal readonly struct ExponentialOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Exp(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * y;
}

/// <summary>The natural logarithm.</summary>
internal readonly struct LogarithmOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Log(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy / x;
}

/// <summary>sin x.</summary>
internal readonly struct SineOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Sine(x, 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * VectorMath.Sine(x, 1);
}

/// <summary>cos x.</summary>
internal readonly struct CosineOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Sine(x, 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * VectorMath.Sine(x, 2);
}

/// <summary>The sign; its derivative is 0.</summary>
internal readonly struct SignOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Sign(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => TV.Create(0f);
}

/// <summary>1 above 0, else 0; its derivative is 0.</summary>
internal readonly struct StepOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Greater(x, TV.Create(0f)) & TV.Create(1f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => TV.Create(0f);
}
