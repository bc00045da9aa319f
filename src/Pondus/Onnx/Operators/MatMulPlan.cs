namespace Pondus.Onnx.Operators;

/// <summary>Which matrices of two stacks are multiplied, by NumPy's rules for matmul.</summary>
internal sealed class MatMulPlan
{
    private readonly int[] _aPlaces;
    private readonly int[] _bPlaces;

    public MatMulPlan(OnnxCall call, OnnxValue a, OnnxValue b)
    {
        int[] aShape = a.Rank == 1 ? [1, .. a.Shape] : a.Shape, bShape = b.Rank == 1 ? [.. b.Shape, 1] : b.Shape;
        if (a.Rank == 0 || b.Rank == 0 || aShape[^1] != bShape[^2])
        {
            throw call.Error($"expected matrices (m, k) and (k, n), got {a} and {b}.");
        }

        (Rows, Depth, Columns) = (aShape[^2], aShape[^1], bShape[^1]);
        int rank = Math.Max(aShape.Length, bShape.Length) - 2;
        int[] aStack = [.. Enumerable.Repeat(1, rank + 2 - aShape.Length), .. aShape[..^2]], bStack = [.. Enumerable.Repeat(1, rank + 2 - bShape.Length), .. bShape[..^2]];
        int[] stack = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            stack[i] = aStack[i] == 1 || aStack[i] == bStack[i]
                ? bStack[i]
                : bStack[i] == 1 ? aStack[i] : throw call.Error($"expected stacks of matrices that repeat to one, got {a} and {b}.");
        }

        Shape = [.. stack, .. a.Rank == 1 ? Array.Empty<int>() : [Rows], .. b.Rank == 1 ? Array.Empty<int>() : [Columns]];
        call.Product(Shape);
        _aPlaces = Broadcast.Places(aStack, stack);
        _bPlaces = Broadcast.Places(bStack, stack);
    }

    /// <summary>Shape of the product.</summary>
    public int[] Shape { get; }

    public int Rows { get; }

    public int Depth { get; }

    public int Columns { get; }

    /// <summary>Number of products.</summary>
    public int Count => _aPlaces.Length;

    /// <summary>Multiplies stacks of integers.</summary>
    public int[] Multiply(int[] a, int[] b)
    {
        int size = Rows * Columns;
        int[] y = new int[Count * size];
        for (int i = 0; i < Count; i++)
        {
            IntegerProduct.Add(a.AsSpan(_aPlaces[i] * Rows * Depth, Rows * Depth), b.AsSpan(_bPlaces[i] * Depth * Columns, Depth * Columns), y.AsSpan(i * size, size), Rows, Depth, Columns);
        }

        return y;
    }

    /// <summary>Multiplies stacks of numbers.</summary>
    public T[] Multiply<T>(T[] a, T[] b)
        where T : System.Numerics.INumber<T>
    {
        int size = Rows * Columns;
        T[] y = new T[Count * size];
        for (int i = 0; i < y.Length; i++)
        {
            int stack = i / size, row = i % size / Columns, column = i % Columns;
            int left = (_aPlaces[stack] * Rows * Depth) + (row * Depth), right = (_bPlaces[stack] * Depth * Columns) + column;
            T sum = T.Zero;
            for (int k = 0; k < Depth; k++)
            {
                sum += a[left + k] * b[right + (k * Columns)];
            }

            y[i] = sum;
        }

        return y;
    }
}
