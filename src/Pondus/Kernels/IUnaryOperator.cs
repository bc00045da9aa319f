namespace Pondus.Kernels;

/// <summary>An elementwise function of one argument with its gradient, for any vector width.</summary>
internal interface IUnaryOperator
{
    /// <summary>Gets whether the gradient reads the function's argument.</summary>
    static abstract bool ReadsInput { get; }

    /// <summary>Gets whether the gradient reads the function's result.</summary>
    static abstract bool ReadsOutput { get; }

    /// <summary>The function's value at x, with the parameter p.</summary>
    static abstract TV Apply<TV>(TV x, TV p)
        where TV : struct, IVector<TV>;

    /// <summary>The gradient dy times the derivative at x, where y is the value.</summary>
    static abstract TV Gradient<TV>(TV x, TV y, TV dy, TV p)
        where TV : struct, IVector<TV>;
}
