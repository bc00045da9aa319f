using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct SigmoidOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * y * (TV.Create(1f) - y);
}

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct TanhOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => VectorMath.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * (TV.Create(1f) - (y * y));
}

/// <summary>max(x, 0).</summary>
internal readonly struct ReluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => false;

    /// <inheritdoc/>
    public static bool ReadsOutput => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Max(TV.Create(0f), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        // Written so that a NaN lets the gradient pass, as in PyTorch.
        return TV.Select(TV.GreaterOrEqual(TV.Create(0f), y), TV.Create(0f), dy);
    }
}

/// <summary>x above 0, else p x.</summary>
internal readonly struct LeakyReluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(0f)), x, x * p);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(0f)), dy, dy * p);
}

/// <summary>x above 0, else p (e^x - 1).</summary>
internal readonly struct EluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(0f)), x, p * VectorMath.ExpMinusOne(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(0f)), dy, dy * p * VectorMath.Exp(x));
}

/// <summary>The self-normalizing ELU of Klambauer et al. 2017, arXiv:1706.02515.</summary>
internal readonly struct SeluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(0f)), TV.Create(1.05070099f) * x, TV.Create(1.75809934f) * VectorMath.ExpMinusOne(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * TV.Select(TV.Greater(x, TV.Create(0f)), TV.Create(1.05070099f), TV.Create(1.75809934f) * VectorMath.Exp(x));
}

/// <summary>x times the normal distribution function.</summary>
internal readonly struct GeluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV>
    {
        // Without 1 - tail for negative x, where it would cancel. An infinite x gives infinity or -0.
        TV tail = VectorMath.NormalTail(x, out _);
        TV positive = TV.Greater(x, TV.Create(0f));
        x = TV.Max(TV.Create(-1e30f), x);
        return x * TV.Select(positive, TV.Create(1f) - tail, tail);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        TV tail = VectorMath.NormalTail(x, out TV bell);
        TV distribution = TV.Select(TV.Greater(x, TV.Create(0f)), TV.Create(1f) - tail, tail);
        TV bounded = TV.Max(TV.Create(-1e30f), TV.Min(TV.Create(1e30f), x));
        return dy * TV.Fma(bounded * TV.Create(0.398942280f), bell, distribution);
    }
}

/// <summary>The tanh approximation of GELU.</summary>
internal readonly struct GeluTanhOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV>
    {
        // 0.5 (1 + tanh u) = sigmoid(2u), which keeps its relative accuracy for negative x.
        x = TV.Max(TV.Create(-1e12f), x);
        TV u = x * TV.Fma(x * x, TV.Create(0.0713548163f), TV.Create(1.59576912f));
        return x * VectorMath.Sigmoid(u);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        x = TV.Max(TV.Create(-1e6f), TV.Min(TV.Create(1e6f), x));
        TV square = x * x;
        TV slope = VectorMath.SigmoidSlope(x * TV.Fma(square, TV.Create(0.0713548163f), TV.Create(1.59576912f)), out TV s);
        TV inner = x * TV.Fma(square, TV.Create(0.214064449f), TV.Create(1.59576912f));
        return dy * TV.Fma(slope, inner, s);
    }
}

/// <summary>x sigmoid(x).</summary>
internal readonly struct SiluOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Max(TV.Create(-1e30f), x) * VectorMath.Sigmoid(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        x = TV.Max(TV.Create(-1e30f), TV.Min(TV.Create(1e30f), x));
        TV slope = VectorMath.SigmoidSlope(x, out TV s);
        return dy * TV.Fma(x, slope, s);
    }
}

/// <summary>log(1 + e^x), and x itself above 20.</summary>
internal readonly struct SoftplusOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(20f)), x, VectorMath.Softplus(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => TV.Select(TV.Greater(x, TV.Create(20f)), dy, dy * VectorMath.Sigmoid(x));
}
