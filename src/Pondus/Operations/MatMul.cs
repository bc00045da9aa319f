using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Matrix product of the last two axes, for each matrix of a batch.</summary>
    /// <remarks>
    /// <para>Shape: (..., m, k) and (..., k, n) to (..., m, n); batch axes broadcast. A tensor of one axis counts as a row on the left and as a column on the right, and that axis is dropped from the result.</para>
    /// <para>Gradient: dA = dC Bᵀ, dB = Aᵀ dC, summed over repeated batch axes.</para>
    /// </remarks>
    /// <param name="right">The right factor.</param>
    /// <param name="transposeLeft">Whether the left factor is stored transposed, (..., k, m).</param>
    /// <param name="transposeRight">Whether the right factor is stored transposed, (..., n, k).</param>
    /// <returns>The product.</returns>
    /// <exception cref="ShapeException">The inner sizes differ, or batch axes do not broadcast.</exception>
    public Tensor MatMul(Tensor right, bool transposeLeft = false, bool transposeRight = false) => MatMulOperation.Apply(this, right, transposeLeft, transposeRight);
}

/// <summary>Batched matrix product.</summary>
internal sealed unsafe class MatMulOperation : Operation
{
    private static readonly MatMulOperation s_instance = new();

    public static Tensor Apply(Tensor left, Tensor right, bool transposeA, bool transposeB)
    {
        Shape shapeA = left.Shape, shapeB = right.Shape;
        if (shapeA.Rank == 0 || shapeB.Rank == 0)
        {
            throw new ShapeException($"MatMul: expected tensors with at least one axis, got {shapeA} and {shapeB}. Multiply by a number with *.");
        }

        // One axis counts as a row on the left and as a column on the right, whatever the flags say.
        if (shapeA.Rank == 1)
        {
            Tensor product = Apply(left.Reshape([1, shapeA[0]]), right, transposeA: false, transposeB);
            return product.Reshape(product.Shape.Without(Math.Max(0, product.Rank - (shapeB.Rank == 1 ? 1 : 2))));
        }

        if (shapeB.Rank == 1)
        {
            Tensor product = Apply(left, right.Reshape([shapeB[0], 1]), transposeA, transposeB: false);
            return product.Reshape(product.Shape.Without(product.Rank - 1));
        }

        return Matrices(left.Use(), right.Use(), transposeA, transposeB);
    }

    public override string Describe(GraphSketch sketch, Node result) =>
        sketch.Emit("MatMul", [Turned(sketch, result.A!, result.State.I0 != 0), Turned(sketch, result.B!, result.State.I1 != 0)]);

    public override void Backward(Tape tape, Node y)
    {
        Node a = y.A!, b = y.B!;
        bool transposeA = y.State.I0 != 0, transposeB = y.State.I1 != 0;
        int m = y.Shape[^2], n = y.Shape[^1], k = y.State.I2;
        if (a.NeedsGradient)
        {
            float* d = tape.GradientOf(a, out bool add);
            Each(y, a.Shape, b.Shape, d, add, toLeft: true, m, n, k, transposeA, transposeB);
        }

        if (b.NeedsGradient)
        {
            float* d = tape.GradientOf(b, out bool add);
            Each(y, a.Shape, b.Shape, d, add, toLeft: false, m, n, k, transposeA, transposeB);
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
    }

    private static string Turned(GraphSketch sketch, Node node, bool turn)
    {
        long[] order = [.. Enumerable.Range(0, node.Shape.Rank).Select(static i => (long)i)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return turn ? sketch.Emit("Transpose", [sketch.Of(node)], [new("perm", order)]) : sketch.Of(node);
    }

    private static Tensor Matrices(Node a, Node b, bool transposeA, bool transposeB)
    {
        int m = a.Shape[transposeA ? ^1 : ^2], k = a.Shape[transposeA ? ^2 : ^1];
        int inner = b.Shape[transposeB ? ^1 : ^2], n = b.Shape[transposeB ? ^2 : ^1];
        if (k != inner)
        {
            throw new ShapeException($"MatMul: expected equal inner sizes, got {k} of {a.Shape}{(transposeA ? " transposed" : string.Empty)} and {inner} of {b.Shape}{(transposeB ? " transposed" : string.Empty)}.");
        }

        BroadcastPlan plan = BroadcastPlan.Of(Batch(a.Shape), Batch(b.Shape), "MatMul");
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        plan.Result.AsSpan().CopyTo(sizes);
        sizes[plan.Result.Rank] = m;
        sizes[plan.Result.Rank + 1] = n;
        Node y = Tape.Result(new Shape(sizes[..(plan.Result.Rank + 2)]), s_instance, a, b);
        y.State.I0 = transposeA ? 1 : 0;
        y.State.I1 = transposeB ? 1 : 0;
        y.State.I2 = k;
        int lda = transposeA ? m : k, ldb = transposeB ? k : n;
        if (b.Shape.Rank == 2 && !transposeA)
        {
            // One right factor for the whole batch: the batch's rows are one tall matrix.
            Gemm.Multiply(plan.Result.Count * m, n, k, a.Data, lda, false, b.Data, ldb, transposeB, y.Data, n, accumulate: false);
        }
        else
        {
            BatchWalk walk = new(plan, (nint)m * k, (nint)k * n, (nint)m * n);
            while (walk.Next(out nint offsetA, out nint offsetB, out nint offsetY))
            {
                Gemm.Multiply(m, n, k, a.Data + offsetA, lda, transposeA, b.Data + offsetB, ldb, transposeB, y.Data + offsetY, n, accumulate: false);
            }
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    /// <summary>The gradient of one factor, batch by batch; matrices that were repeated add up.</summary>
    private static void Each(Node y, in Shape shapeA, in Shape shapeB, float* d, bool add, bool toLeft, int m, int n, int k, bool transposeA, bool transposeB)
    {
        float* a = y.A!.Data, b = y.B!.Data, dy = y.Gradient;
        int lda = transposeA ? m : k, ldb = transposeB ? k : n;
        nint size = toLeft ? (nint)m * k : (nint)k * n;
        BroadcastPlan plan = BroadcastPlan.Of(Batch(shapeA), Batch(shapeB), "MatMul");
        int batch = Batch(toLeft ? shapeA : shapeB).Count;
        bool repeated = batch != plan.Result.Count;
        if (!add && (repeated || plan.Result.Count == 0))
        {
            new Span<float>(d, checked((int)(batch * size))).Clear();
        }

        bool accumulate = add || repeated;
        BatchWalk walk = new(plan, (nint)m * k, (nint)k * n, (nint)m * n);
        while (walk.Next(out nint offsetA, out nint offsetB, out nint offsetY))
        {
            float* g = dy + offsetY;
            if (toLeft && !transposeA)
            {
                Gemm.Multiply(m, k, n, g, n, false, b + offsetB, ldb, !transposeB, d + offsetA, k, accumulate);
            }
            else if (toLeft)
            {
                Gemm.Multiply(k, m, n, b + offsetB, ldb, transposeB, g, n, true, d + offsetA, m, accumulate);
            }
            else if (!transposeB)
            {
                Gemm.Multiply(k, n, m, a + offsetA, lda, !transposeA, g, n, false, d + offsetB, n, accumulate);
            }
            else
            {
                Gemm.Multiply(n, k, m, g, n, true, a + offsetA, lda, transposeA, d + offsetB, k, accumulate);
            }
        }
    }

    private static Shape Batch(in Shape shape) => new(shape.AsSpan()[..(shape.Rank - 2)]);

    /// <summary>Walks the matrices of a broadcast batch in row-major order.</summary>
    private ref struct BatchWalk
    {
        private readonly BroadcastPlan _plan;
        private readonly nint _sizeA;
        private readonly nint _sizeB;
        private readonly nint _sizeY;
        private int _index;

        public BatchWalk(BroadcastPlan plan, nint sizeA, nint sizeB, nint sizeY)
        {
            _plan = plan;
            _sizeA = sizeA;
            _sizeB = sizeB;
            _sizeY = sizeY;
            _index = 0;
        }

        public bool Next(out nint offsetA, out nint offsetB, out nint offsetY)
        {
            offsetA = offsetB = offsetY = 0;
            if (_index >= _plan.Result.Count)
            {
                return false;
            }

            int rest = _index;
            for (int axis = _plan.Axes - 1; axis >= 0; axis--)
            {
                (rest, int at) = Math.DivRem(rest, _plan.Size(axis));
                offsetA += at * _plan.StrideA(axis);
                offsetB += at * _plan.StrideB(axis);
            }

            offsetA *= _sizeA;
            offsetB *= _sizeB;
            offsetY = _index++ * _sizeY;
            return true;
        }
    }
}
