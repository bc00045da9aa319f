using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Sums of a term over one array or two.</summary>
internal static unsafe class PairSum
{
    // Floats are added over short blocks only, and blocks in double, so the error does not grow with n.
    private const int LaneAdditions = 64;

    /// <summary>The sum of term(a[i], b[i]); bits do not depend on the number of threads.</summary>
    public static double Of<TTerm>(float* a, float* b, nint n, float p = 0)
        where TTerm : struct, IPairTerm => Launch.Sum(new Kernel<TTerm> { A = a, B = b, Parameter = p }, n);

    /// <summary>The sum over one part, at one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Part<TTerm, TV>(float* a, float* b, nint n, TV p)
        where TTerm : struct, IPairTerm
        where TV : struct, IVector<TV>
    {
        double total = 0;
        nint i = 0;
        while (i < n)
        {
            nint stop = Math.Min(n, i + (4 * LaneAdditions * TV.Count));
            TV s0 = TV.Create(0f), s1 = s0, s2 = s0, s3 = s0;
            for (; i <= stop - (4 * TV.Count); i += 4 * TV.Count)
            {
                s0 += TTerm.Term(TV.Load(a + i), TV.Load(b + i), p);
                s1 += TTerm.Term(TV.Load(a + i + TV.Count), TV.Load(b + i + TV.Count), p);
                s2 += TTerm.Term(TV.Load(a + i + (2 * TV.Count)), TV.Load(b + i + (2 * TV.Count)), p);
                s3 += TTerm.Term(TV.Load(a + i + (3 * TV.Count)), TV.Load(b + i + (3 * TV.Count)), p);
            }

            for (; i <= stop - TV.Count; i += TV.Count)
            {
                s0 += TTerm.Term(TV.Load(a + i), TV.Load(b + i), p);
            }

            nint rest = stop - i;
            if (rest > 0)
            {
                s1 += VectorMath.FirstLanes<TV>(rest) & TTerm.Term(TV.LoadPartial(a + i, rest), TV.LoadPartial(b + i, rest), p);
                i = stop;
            }

            total += TV.SumLanes((s0 + s1) + (s2 + s3));
        }

        return total;
    }

    // The same without unrolling: a long term repeated six times would exceed what the compiler inlines.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double LongPart<TTerm, TV>(float* a, float* b, nint n, TV p)
        where TTerm : struct, IPairTerm
        where TV : struct, IVector<TV>
    {
        double total = 0;
        for (nint i = 0; i < n;)
        {
            nint stop = Math.Min(n, i + (LaneAdditions * TV.Count));
            TV sum = TV.Create(0f);
            for (; i < stop; i += TV.Count)
            {
                nint rest = Math.Min(TV.Count, stop - i);
                sum += VectorMath.FirstLanes<TV>(rest) & TTerm.Term(TV.LoadPartial(a + i, rest), TV.LoadPartial(b + i, rest), p);
            }

            total += TV.SumLanes(sum);
        }

        return total;
    }

    private struct Kernel<TTerm> : IPartialKernel
        where TTerm : struct, IPairTerm
    {
        public float* A;
        public float* B;
        public float Parameter;

        public readonly double Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV> => TTerm.IsCheap
                ? Part<TTerm, TV>(A + begin, B + begin, end - begin, TV.Create(Parameter))
                : LongPart<TTerm, TV>(A + begin, B + begin, end - begin, TV.Create(Parameter));
    }
}
