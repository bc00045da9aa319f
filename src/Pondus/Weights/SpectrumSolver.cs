using System.Numerics;
using System.Runtime.InteropServices;

namespace Pondus.Weights;

/// <summary>Singular values of a matrix that comes in strips of rows: a triangular factor is kept, then made bidiagonal, then diagonal.</summary>
/// <remarks>
/// <para>Each strip is eliminated into the triangle by Householder reflections, so memory is one triangle and one strip, and no
/// product of the matrix with itself loses the small values.</para>
/// <para>Source: Golub and Van Loan, Matrix Computations, sections 5.2 and 5.4.8 (bidiagonal form after a triangular one), 8.6.</para>
/// </remarks>
internal sealed class SpectrumSolver(int n)
{
    // Row-major; what is below the diagonal stays zero until the triangle becomes bidiagonal.
    private readonly double[] _triangle = new double[(long)n * n];

    public static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes in more rows; the strip is used up.</summary>
    public void Add(Span<double> strip, int rows, CancellationToken cancellation)
    {
        double[] u = new double[rows], w = new double[n];
        for (int k = 0; k < n; k++)
        {
            if (k % 64 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            double below = 0;
            for (int i = 0; i < rows; i++)
            {
                u[i] = strip[(i * n) + k];
                below = Math.Max(below, Math.Abs(u[i]));
            }

            if (below == 0)
            {
                continue;
            }

            Span<double> top = _triangle.AsSpan(k * n, n);
            double tau = Reflect(ref top[k], u);
            Span<double> tail = top[(k + 1)..], sums = w.AsSpan(0, tail.Length);
            tail.CopyTo(sums);
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                AddFour(sums, u.AsSpan(row, 4), strip, (row * n) + k + 1, n);
            }

            for (; row < rows; row++)
            {
                AddScaled(sums, u[row], strip.Slice((row * n) + k + 1, sums.Length));
            }

            AddScaled(tail, -tau, sums);
            for (row = 0; row < rows; row++)
            {
                AddScaled(strip.Slice((row * n) + k + 1, sums.Length), -tau * u[row], sums);
            }
        }
    }

    /// <summary>Computes the singular values of all rows taken in, the largest first.</summary>
    public double[] SingularValues(CancellationToken cancellation)
    {
        (double[] diagonal, double[] upper) = new SpectrumBidiagonal(_triangle, n).Reduce(cancellation);
        SpectrumBidiagonal.Diagonalize(diagonal, upper);
        for (int i = 0; i < n; i++)
        {
            diagonal[i] = Math.Abs(diagonal[i]);
        }

        Array.Sort(diagonal);
        Array.Reverse(diagonal);
        return diagonal;
    }

    /// <summary>Makes a reflection I - tau (1, u)(1, u)' that turns (head, u) into (head, 0); scaled, so nothing overflows.</summary>
    internal static double Reflect(ref double head, Span<double> u)
    {
        double scale = Math.Abs(head);
        foreach (double value in u)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        double below = 0;
        foreach (double value in u)
        {
            below += value / scale * (value / scale);
        }

        if (scale == 0 || below == 0)
        {
            u.Clear();
            return 0;
        }

        double norm = -Math.CopySign(scale * Math.Sqrt((head / scale * (head / scale)) + below), head);
        double tau = (norm - head) / norm, divisor = head - norm;
        for (int i = 0; i < u.Length; i++)
        {
            u[i] /= divisor;
        }

        head = norm;
        return tau;
    }

    /// <summary>y += a x.</summary>
    internal static void AddScaled(Span<double> y, double a, ReadOnlySpan<double> x)
    {
        Vector<double> factor = new(a);
        Span<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        ReadOnlySpan<Vector<double>> xs = MemoryMarshal.Cast<double, Vector<double>>(x);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i] = Vector.MultiplyAddEstimate(factor, xs[i], ys[i]);
        }

        for (int i = ys.Length * Vector<double>.Count; i < y.Length; i++)
        {
            y[i] += a * x[i];
        }
    }

    /// <summary>y += a0 x0 + ... + a3 x3 for four rows of a matrix: y is loaded and stored once for all four.</summary>
    private static void AddFour(Span<double> y, ReadOnlySpan<double> a, ReadOnlySpan<double> matrix, int at, int stride)
    {
        ReadOnlySpan<double> x0 = matrix.Slice(at, y.Length), x1 = matrix.Slice(at + stride, y.Length);
        ReadOnlySpan<double> x2 = matrix.Slice(at + (2 * stride), y.Length), x3 = matrix.Slice(at + (3 * stride), y.Length);
        Vector<double> a0 = new(a[0]), a1 = new(a[1]), a2 = new(a[2]), a3 = new(a[3]);
        Span<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        ReadOnlySpan<Vector<double>> v0 = MemoryMarshal.Cast<double, Vector<double>>(x0), v1 = MemoryMarshal.Cast<double, Vector<double>>(x1);
        ReadOnlySpan<Vector<double>> v2 = MemoryMarshal.Cast<double, Vector<double>>(x2), v3 = MemoryMarshal.Cast<double, Vector<double>>(x3);
        for (int i = 0; i < ys.Length; i++)
        {
            Vector<double> sum = Vector.MultiplyAddEstimate(a0, v0[i], ys[i]);
            sum = Vector.MultiplyAddEstimate(a1, v1[i], sum);
            sum = Vector.MultiplyAddEstimate(a2, v2[i], sum);
            ys[i] = Vector.MultiplyAddEstimate(a3, v3[i], sum);
        }

        for (int i = ys.Length * Vector<double>.Count; i < y.Length; i++)
        {
            y[i] += (a[0] * x0[i]) + (a[1] * x1[i]) + (a[2] * x2[i]) + (a[3] * x3[i]);
        }
    }
}
