namespace Pondus;

/// <summary>How two shapes meet: the result's shape, and the strides of both inputs in it (0 where an axis is repeated).</summary>
/// <remarks>Neighboring axes that both inputs walk alike are joined, so that the inner run is as long as it can be.</remarks>
internal struct BroadcastPlan
{
    private Strides _a;
    private Strides _b;
    private Strides _sizes;

    /// <summary>Sizes of the result.</summary>
    public Shape Result;

    /// <summary>Number of joined axes, at least 1.</summary>
    public int Axes;

    public readonly nint StrideA(int axis) => _a[axis];

    public readonly nint StrideB(int axis) => _b[axis];

    public readonly int Size(int axis) => (int)_sizes[axis];

    /// <summary>Makes the plan.</summary>
    /// <exception cref="ShapeException">The shapes do not fit: sizes of an axis differ and none is 1.</exception>
    public static BroadcastPlan Of(in Shape a, in Shape b, string who)
    {
        BroadcastPlan plan = default;
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        Span<nint> strideA = stackalloc nint[Shape.MaxRank], strideB = stackalloc nint[Shape.MaxRank];
        nint nextA = 1, nextB = 1;
        for (int i = rank - 1; i >= 0; i--)
        {
            int axisA = i - (rank - a.Rank), axisB = i - (rank - b.Rank);
            int sizeA = axisA < 0 ? 1 : a[axisA], sizeB = axisB < 0 ? 1 : b[axisB];
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
            {
                throw new ShapeException($"{who}: expected shapes that broadcast, got {a} and {b}. Axis {i} has sizes {sizeA} and {sizeB}; make one of them 1 or equal.");
            }

            sizes[i] = sizeA == 1 ? sizeB : sizeA;
            strideA[i] = sizeA == 1 ? 0 : nextA;
            strideB[i] = sizeB == 1 ? 0 : nextB;
            nextA *= sizeA;
            nextB *= sizeB;
        }

        plan.Result = new Shape(sizes[..rank]);
        plan.Join(sizes[..rank], strideA, strideB);
        return plan;
    }

    private void Join(ReadOnlySpan<int> sizes, ReadOnlySpan<nint> strideA, ReadOnlySpan<nint> strideB)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == 1)
            {
                continue;
            }

            int last = Axes - 1;
            if (last >= 0 && _a[last] == strideA[i] * sizes[i] && _b[last] == strideB[i] * sizes[i])
            {
                _sizes[last] *= sizes[i];
                _a[last] = strideA[i];
                _b[last] = strideB[i];
            }
            else
            {
                _sizes[Axes] = sizes[i];
                _a[Axes] = strideA[i];
                _b[Axes] = strideB[i];
                Axes++;
            }
        }

        if (Axes == 0)
        {
            _sizes[0] = 1;
            Axes = 1;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Shape.MaxRank)]
    private struct Strides
    {
        private nint _first;
    }
}
