using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>x / 6 + 1 / 2, limited to [0, 1].</summary>
internal readonly struct HardsigmoidOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> =>
        TV.Min(TV.Create(6f), TV.Max(TV.Create(0f), x + TV.Create(3f))) * TV.Create(1f / 6);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> =>
        TV.Select(TV.Greater(TV.Create(3f), x) & TV.Greater(x, TV.Create(-3f)), dy * TV.Create(1f / 6), TV.Create(0f));
}

/// <summary>x times the hard sigmoid.</summary>
internal readonly struct HardswishOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> =>
        TV.Max(TV.Create(-1e30f), x) * (TV.Min(TV.Create(6f), TV.Max(TV.Create(0f), x + TV.Create(3f))) * TV.Create(1f / 6));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        TV inside = dy * TV.Fma(x, TV.Create(1f / 3), TV.Create(0.5f));
        return TV.Select(TV.Greater(TV.Create(3f), x), TV.Select(TV.Greater(x, TV.Create(-3f)), inside, TV.Create(0f)), dy);
    }
}

/// <summary>x limited to [0, 6].</summary>
internal readonly struct Relu6Operator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Min(TV.Create(6f), TV.Max(TV.Create(0f), x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> =>
        TV.Select(TV.Greater(x, TV.Create(0f)) & TV.Greater(TV.Create(6f), x), dy, TV.Create(0f));
}

/// <summary>x tanh(softplus(x)).</summary>
internal readonly struct MishOperator : IUnaryOperator
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
        // tanh(ln(1 + e)) = e (e + 2) / (e (e + 2) + 2), which neither cancels nor, up to e^20, overflows; above it is 1.
        TV e = VectorMath.Exp(TV.Min(TV.Create(20f), x)), n = e * (e + TV.Create(2f));
        return TV.Max(TV.Create(-1e30f), x) * (n / (n + TV.Create(2f)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        x = TV.Max(TV.Create(-1e30f), TV.Min(TV.Create(1e30f), x));
        TV e = VectorMath.Exp(TV.Min(TV.Create(20f), x)), n = e * (e + TV.Create(2f)), d = TV.Create(1f) / (n + TV.Create(2f)), t = n * d;

        // 1 - t^2 = (1 - t) (1 + t), where 1 - t = 2 / (n + 2).
        TV slope = TV.Create(2f) * d * (TV.Create(1f) + t) * (e / (TV.Create(1f) + e));
        return dy * TV.Fma(x, slope, t);
    }
}

/// <summary>The logarithm of the sigmoid.</summary>
internal readonly struct LogSigmoidOperator : IUnaryOperator
{
    /// <inheritdoc/>
    public static bool ReadsInput => true;

    /// <inheritdoc/>
    public static bool ReadsOutput => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV> => TV.Create(0f) - VectorMath.Softplus(TV.Create(0f) - x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * VectorMath.Sigmoid(TV.Create(0f) - x);
}

/// <summary>x / (1 + |x|).</summary>
internal readonly struct SoftsignOperator : IUnaryOperator
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
        x = TV.Max(TV.Create(-1e30f), TV.Min(TV.Create(1e30f), x));
        return x / (TV.Create(1f) + VectorMath.Absolute(x));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>
    {
        TV d = TV.Create(1f) / (TV.Create(1f) + VectorMath.Absolute(x));
        return dy * d * d;
    }
}

/// <summary>The error function: 1 - 2 tail(x sqrt 2), and its series near 0, where that would cancel.</summary>
internal readonly struct ErrorFunctionOperator : IUnaryOperator
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
        TV far = TV.Create(1f) - (TV.Create(2f) * VectorMath.NormalTail(x * TV.Create(1.41421356f), out _));
        TV square = x * x;
        TV near = TV.Fma(square, TV.Create(-0.000854832677f), TV.Create(0.00522397762f));
        near = TV.Fma(square, near, TV.Create(-0.0268661706f));
        near = TV.Fma(square, near, TV.Create(0.112837917f));
        near = TV.Fma(square, near, TV.Create(-0.376126389f));
        near = x * TV.Fma(square, near, TV.Create(1.12837917f));
        TV isNear = TV.Greater(TV.Create(0.25f), square);
        return TV.Select(isNear, near, TV.Select(TV.Greater(x, TV.Create(0f)), far, TV.Create(0f) - far));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV> => dy * TV.Create(1.12837917f) * VectorMath.Exp(TV.Create(0f) - (x * x));
}
