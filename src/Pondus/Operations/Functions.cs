using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Absolute value, element by element: y = |x|.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy sign(x), 0 at 0.</remarks>
    /// <returns>y.</returns>
    public Tensor Absolute() => UnaryOperation.Apply(UnaryKind.Absolute, this);

    /// <summary>Square, element by element: y = x^2.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: 2 x dy.</remarks>
    /// <returns>y.</returns>
    public Tensor Square() => UnaryOperation.Apply(UnaryKind.Square, this);

    /// <summary>Square root, element by element: y = sqrt(x).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy / (2 y).</remarks>
    /// <returns>y.</returns>
    public Tensor SquareRoot() => UnaryOperation.Apply(UnaryKind.SquareRoot, this);

    /// <summary>Reciprocal, element by element: y = 1 / x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: -dy y^2.</remarks>
    /// <returns>y.</returns>
    public Tensor Reciprocal() => UnaryOperation.Apply(UnaryKind.Reciprocal, this);

    /// <summary>Exponential function, element by element: y = e^x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy y.</remarks>
    /// <returns>y.</returns>
    public Tensor Exponential() => UnaryOperation.Apply(UnaryKind.Exponential, this);

    /// <summary>Natural logarithm, element by element: y = ln x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy / x.</remarks>
    /// <returns>y.</returns>
    public Tensor Logarithm() => UnaryOperation.Apply(UnaryKind.Logarithm, this);

    /// <summary>Sine of an angle in radians, element by element: y = sin x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy cos x.</remarks>
    /// <returns>y.</returns>
    public Tensor Sine() => UnaryOperation.Apply(UnaryKind.Sine, this);

    /// <summary>Cosine of an angle in radians, element by element: y = cos x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: -dy sin x.</remarks>
    /// <returns>y.</returns>
    public Tensor Cosine() => UnaryOperation.Apply(UnaryKind.Cosine, this);

    /// <summary>Sign, element by element: y = -1, 0 or 1.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: 0.</remarks>
    /// <returns>y.</returns>
    public Tensor Sign() => UnaryOperation.Apply(UnaryKind.Sign, this);
}
