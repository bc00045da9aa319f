using System.Numerics;

namespace Pondus.Onnx.Operators;

/// <summary>Products of integer matrices, summed in 32 bits that wrap around as the standard's do.</summary>
internal static class IntegerProduct
{
    /// <summary>y += a b for row-major matrices (m, k) and (k, n).</summary>
    public static void Add(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> y, int m, int k, int n)
    {
        for (int i = 0; i < m; i++)
        {
            Span<int> row = y.Slice(i * n, n);
            for (int j = 0; j < k; j++)
            {
                int factor = a[(i * k) + j];
                if (factor != 0)
                {
                    AddScaled(b.Slice(j * n, n), factor, row);
                }
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<int> x, int factor, Span<int> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            Span<int> part = y[i..];
            (new Vector<int>(part) + (new Vector<int>(x[i..]) * factor)).CopyTo(part);
        }

        for (; i < x.Length; i++)
        {
            y[i] = unchecked(y[i] + (x[i] * factor));
        }
    }
}
