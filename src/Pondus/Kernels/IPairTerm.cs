namespace Pondus.Kernels;

/// <summary>A term of a sum over two arrays.</summary>
internal interface IPairTerm
{
    /// <summary>Gets whether the term takes so few instructions that unrolling pays.</summary>
    static abstract bool IsCheap { get; }

    /// <summary>The term for elements a and b and the parameter p.</summary>
    static abstract TV Term<TV>(TV a, TV b, TV p)
        where TV : struct, IVector<TV>;
}
