namespace Pondus.Kernels;

/// <summary>Names the elementwise functions of one argument.</summary>
internal enum UnaryKind
{
    /// <summary>-x.</summary>
    Negate,

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    Absolute,

    /// <summary>x^2.</summary>
    Square,

    /// <summary>The square root.</summary>
    SquareRoot,

    /// <summary>1 / x.</summary>
    Reciprocal,

    /// <summary>e^x.</summary>
    Exponential,

    /// <summary>The natural logarithm.</summary>
    Logarithm,

    /// <summary>sin x.</summary>
    Sine,

    /// <summary>cos x.</summary>
    Cosine,

    /// <summary>-1, 0 or 1; the derivative is 0.</summary>
    Sign,

    /// <summary>1 for x above 0, else 0; the derivative is 0.</summary>
    Step,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>max(x, 0); the derivative at 0 is 0.</summary>
    Relu,

    /// <summary>x above 0, else p0 x.</summary>
    LeakyRelu,

    /// <summary>x above 0, else p0 (e^x - 1).</summary>
    Elu,

    /// <summary>The self-normalizing ELU.</summary>
    Selu,

    /// <summary>x times the normal distribution function (the exact form).</summary>
    Gelu,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh,

    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>log(1 + e^x), and x itself above 20.</summary>
    Softplus,

    /// <summary>x / 6 + 1 / 2, limited to [0, 1].</summary>
    Hardsigmoid,

    /// <summary>x times the hard sigmoid.</summary>
    Hardswish,

    /// <summary>x limited to [0, 6].</summary>
    Relu6,

    /// <summary>x tanh(softplus(x)).</summary>
    Mish,

    /// <summary>The logarithm of the sigmoid.</summary>
    LogSigmoid,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>The error function.</summary>
    ErrorFunction,
}
