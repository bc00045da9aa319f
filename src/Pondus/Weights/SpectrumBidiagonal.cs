using System.Numerics;
using System.Runtime.InteropServices;

namespace Pondus.Weights;

/// <summary>Makes a square matrix bidiagonal by reflections from both sides, and a bidiagonal one diagonal by rotations.</summary>
internal sealed class SpectrumBidiagonal(double[] matrix, int n)
{
    private const double Epsilon = 2.220446049250313e-16;

    // Reflections of the step before, (u, y) from the left and (z, v) from the right, are applied while the next one reads
    // the matrix: one reading and one writing pass a step instead of two each.
    private readonly double[] _u = new double[n];
    private readonly double[] _y = new double[n];
    private readonly double[] _z = new double[n];
    private readonly double[] _v = new double[n];

    /// <summary>Gives the diagonal and the elements beside it; the matrix is used up.</summary>
    public (double[] Diagonal, double[] Upper) Reduce(CancellationToken cancellation)
    {
        double[] diagonal = new double[n], upper = new double[Math.Max(0, n - 1)];
        double[] u = new double[n], y = new double[n];
        for (int k = 0; k < n; k++)
        {
            if (k % 16 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            for (int i = k; i < n; i++)
            {
                u[i] = matrix[(i * n) + k] - (_u[i] * _y[k]) - (_z[i] * _v[k]);
            }

            double head = u[k];
            double tau = SpectrumSolver.Reflect(ref head, u.AsSpan(k + 1));
            diagonal[k] = head;
            u[k] = 1;
            if (k == n - 1)
            {
                break;
            }

            Span<double> sums = y.AsSpan(k + 1);
            sums.Clear();
            for (int i = k; i < n; i++)
            {
                Update(Row(i, k + 1), _u[i], _y.AsSpan(k + 1), _z[i], _v.AsSpan(k + 1), u[i], sums);
            }

            Scale(sums, tau);
            u.AsSpan(k).CopyTo(_u.AsSpan(k));
            sums.CopyTo(_y.AsSpan(k + 1));
            upper[k] = ReflectRow(k);
        }

        return (diagonal, upper);
    }

    /// <summary>Makes the matrix diagonal, leaving the singular values with any sign in any order.</summary>
    public static void Diagonalize(Span<double> d, Span<double> e)
    {
        double norm = 0;
        foreach (double value in d)
        {
            norm = Math.Max(norm, Math.Abs(value));
        }

        foreach (double value in e)
        {
            norm = Math.Max(norm, Math.Abs(value));
        }

        double tiny = norm * Epsilon;
        int end = d.Length - 1;
        for (long step = 0; end > 0; step++)
        {
            if (step > 100L * d.Length)
            {
                throw new ArithmeticException($"SpectrumBidiagonal({d.Length}): expected singular values after {step} steps, got none. This is a defect of Pondus.");
            }

            int start = end;
            while (start > 0 && Math.Abs(e[start - 1]) > Epsilon * (Math.Abs(d[start - 1]) + Math.Abs(d[start])) && Math.Abs(e[start - 1]) > double.Epsilon / Epsilon)
            {
                start--;
            }

            if (start > 0)
            {
                e[start - 1] = 0;
            }

            if (start == end)
            {
                end--;
                continue;
            }

            int zero = start;
            while (zero <= end && Math.Abs(d[zero]) > tiny * Epsilon)
            {
                zero++;
            }

            if (zero <= end)
            {
                d[zero] = 0;
                ClearRow(d, e, zero, end);
                ClearColumn(d, e, start, zero);
            }
            else
            {
                Chase(d, e, start, end);
            }
        }
    }

    /// <summary>Rotates away what stands beside a zero of the diagonal.</summary>
    private static void ClearRow(Span<double> d, Span<double> e, int zero, int end)
    {
        if (zero == end)
        {
            return;
        }

        double f = e[zero];
        e[zero] = 0;
        for (int j = zero + 1; j <= end && f != 0; j++)
        {
            (double c, double s, double r) = Rotation(d[j], f);
            d[j] = r;
            if (j < end)
            {
                f = -s * e[j];
                e[j] *= c;
            }
        }
    }

    /// <summary>Rotates away what stands above a zero of the diagonal.</summary>
    private static void ClearColumn(Span<double> d, Span<double> e, int start, int zero)
    {
        if (zero == start)
        {
            return;
        }

        double f = e[zero - 1];
        e[zero - 1] = 0;
        for (int j = zero - 1; j >= start && f != 0; j--)
        {
            (double c, double s, double r) = Rotation(d[j], f);
            d[j] = r;
            if (j > start)
            {
                f = -s * e[j - 1];
                e[j - 1] *= c;
            }
        }
    }

    /// <summary>One implicit QR step with Wilkinson's shift on the block from start to end.</summary>
    private static void Chase(Span<double> d, Span<double> e, int start, int end)
    {
        double scale = Math.Max(Math.Max(Math.Abs(d[end]), Math.Abs(d[end - 1])), Math.Max(Math.Abs(e[end - 1]), Math.Max(Math.Abs(d[start]), Math.Abs(e[start]))));
        double last = d[end] / scale, before = d[end - 1] / scale, beside = e[end - 1] / scale, first = d[start] / scale;
        double b = (((before + last) * (before - last)) + (beside * beside)) / 2, c = last * beside * (last * beside);
        double root = b == 0 && c == 0 ? 0 : b + Math.CopySign(Math.Sqrt((b * b) + c), b);
        double shift = root == 0 ? 0 : c / root;
        double f = ((first + last) * (first - last)) + shift, g = first * (e[start] / scale);
        for (int k = start; k < end; k++)
        {
            (double cos, double sin, double r) = Rotation(f, g);
            if (k > start)
            {
                e[k - 1] = r;
            }

            f = (cos * d[k]) + (sin * e[k]);
            e[k] = (cos * e[k]) - (sin * d[k]);
            g = sin * d[k + 1];
            d[k + 1] *= cos;
            (cos, sin, r) = Rotation(f, g);
            d[k] = r;
            f = (cos * e[k]) + (sin * d[k + 1]);
            d[k + 1] = (cos * d[k + 1]) - (sin * e[k]);
            if (k < end - 1)
            {
                g = sin * e[k + 1];
                e[k + 1] *= cos;
            }
        }

        e[end - 1] = f;
    }

    private static (double Cos, double Sin, double Length) Rotation(double f, double g)
    {
        double r = double.Hypot(f, g);
        return r == 0 ? (1, 0, 0) : (f / r, g / r, r);
    }

    private static void Scale(Span<double> values, double factor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    /// <summary>row -= a y + b v, then sums += c row.</summary>
    private static void Update(Span<double> row, double a, ReadOnlySpan<double> y, double b, ReadOnlySpan<double> v, double c, Span<double> sums)
    {
        Vector<double> minusA = new(-a), minusB = new(-b), factor = new(c);
        Span<Vector<double>> rows = MemoryMarshal.Cast<double, Vector<double>>(row), sumVectors = MemoryMarshal.Cast<double, Vector<double>>(sums);
        ReadOnlySpan<Vector<double>> ys = MemoryMarshal.Cast<double, Vector<double>>(y), vs = MemoryMarshal.Cast<double, Vector<double>>(v);
        for (int i = 0; i < rows.Length; i++)
        {
            Vector<double> x = Vector.MultiplyAddEstimate(minusB, vs[i], Vector.MultiplyAddEstimate(minusA, ys[i], rows[i]));
            rows[i] = x;
            sumVectors[i] = Vector.MultiplyAddEstimate(factor, x, sumVectors[i]);
        }

        for (int i = rows.Length * Vector<double>.Count; i < row.Length; i++)
        {
            row[i] -= (a * y[i]) + (b * v[i]);
            sums[i] += c * row[i];
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector<double> sum = Vector<double>.Zero, other = Vector<double>.Zero;
        ReadOnlySpan<Vector<double>> xs = MemoryMarshal.Cast<double, Vector<double>>(x), ys = MemoryMarshal.Cast<double, Vector<double>>(y);
        int i = 0;
        for (; i + 1 < xs.Length; i += 2)
        {
            sum = Vector.MultiplyAddEstimate(xs[i], ys[i], sum);
            other = Vector.MultiplyAddEstimate(xs[i + 1], ys[i + 1], other);
        }

        double total = Vector.Sum(sum + other);
        for (i *= Vector<double>.Count; i < x.Length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    private Span<double> Row(int i, int column) => new(matrix, (i * n) + column, n - column);

    /// <summary>Reflects row k from the right, leaving (z, v) for the next step; gives the element beside the diagonal.</summary>
    private double ReflectRow(int k)
    {
        Span<double> v = _v.AsSpan(k + 1), y = _y.AsSpan(k + 1);
        Row(k, k + 1).CopyTo(v);
        SpectrumSolver.AddScaled(v, -_u[k], y);
        double head = v[0];
        double tau = SpectrumSolver.Reflect(ref head, v[1..]);
        v[0] = 1;
        double yv = Dot(y, v);
        for (int i = k + 1; i < n; i++)
        {
            _z[i] = tau * (Dot(Row(i, k + 1), v) - (_u[i] * yv));
        }

        return head;
    }
}
