using System.Numerics;
using System.Runtime.InteropServices;

namespace Pondus.Weights;

/// <summary>Computes <see cref="RowSimilarity"/>.</summary>
internal static class MatrixSimilarity
{
    // The cost of singular values grows with the third power: some tenths of a second at this side.
    private const int LargestSide = 512;

    /// <summary>Compares two matrices of one shape, row-major.</summary>
    public static RowSimilarity Compare(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int columns)
    {
        (Moments byRows, double? nuclear) = ByRows(x, y, rows, columns);
        return new RowSimilarity
        {
            Rows = rows,
            LinearCka = byRows.Biased,
            UnbiasedCka = byRows.Unbiased,
            ColumnCka = ByColumns(x, y, rows, columns).Unbiased,
            ProcrustesDistance = nuclear is double s ? Math.Max(0, 2 - (2 * s)) : null,
            ProcrustesDisparity = nuclear is double t ? Math.Max(0, 1 - (t * t)) : null,
            SmallestCosine = SmallestCosine(x, y, rows, columns),
        };
    }

    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> wideA = MemoryMarshal.Cast<double, Vector<double>>(a), wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int i = 0;
        for (; i + 1 < wideA.Length; i += 2)
        {
            even += wideA[i] * wideB[i];
            odd += wideA[i + 1] * wideB[i + 1];
        }

        if (i < wideA.Length)
        {
            even += wideA[i] * wideB[i];
        }

        double sum = Vector.Sum(even + odd);
        for (int j = wideA.Length * Vector<double>.Count; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }

    // One after the other, so that the copies of the first are gone before those of the second are made.
    private static (Moments Moments, double? Nuclear) ByRows(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int columns)
    {
        double[] centeredX = x.ToArray(), centeredY = y.ToArray();
        Center(centeredX, rows, columns);
        Center(centeredY, rows, columns);
        Moments moments = new(centeredX, centeredY, rows, columns);
        double? nuclear = Math.Min(rows, columns) <= LargestSide && moments.TraceX > 0 && moments.TraceY > 0
            ? NuclearNorm(centeredX, centeredY, rows, columns) / Math.Sqrt(moments.TraceX * moments.TraceY)
            : null;
        return (moments, nuclear);
    }

    private static Moments ByColumns(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int columns)
    {
        double[] flippedX = Transposed(x, rows, columns), flippedY = Transposed(y, rows, columns);
        Center(flippedX, columns, rows);
        Center(flippedY, columns, rows);
        return new Moments(flippedX, flippedY, columns, rows);
    }

    private static double? SmallestCosine(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int columns)
    {
        double? smallest = null;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> a = x.Slice(i * columns, columns), b = y.Slice(i * columns, columns);
            double norms = Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b));
            if (norms > 0)
            {
                smallest = Math.Min(smallest ?? double.MaxValue, Dot(a, b) / norms);
            }
        }

        return smallest;
    }

    private static void Center(double[] matrix, int rows, int columns)
    {
        // A matrix that does not vary leaves rounding errors, about 1e-16 of its values: they are no direction.
        const double negligible = 1e-28;
        double before = Dot(matrix, matrix);
        double[] means = new double[columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                means[j] += matrix[(i * columns) + j];
            }
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[(i * columns) + j] -= means[j] / rows;
            }
        }

        if (Dot(matrix, matrix) <= negligible * before)
        {
            Array.Clear(matrix);
        }
    }

    private static double[] Transposed(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        double[] result = new double[matrix.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = matrix[(i * columns) + j];
            }
        }

        return result;
    }

    // P P', whose halves are alike.
    private static double[] Gram(double[] p, int rows, int columns)
    {
        double[] result = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                result[(i * rows) + j] = result[(j * rows) + i] = Dot(p.AsSpan(i * columns, columns), p.AsSpan(j * columns, columns));
            }
        }

        return result;
    }

    // P Q' of two matrices with the same number of columns.
    private static double[] Products(double[] p, double[] q, int rows, int columns)
    {
        double[] result = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                result[(i * rows) + j] = Dot(p.AsSpan(i * columns, columns), q.AsSpan(j * columns, columns));
            }
        }

        return result;
    }

    private static double NuclearNorm(double[] x, double[] y, int rows, int columns)
    {
        double[] square;
        int side = Math.Min(rows, columns);
        if (columns <= rows)
        {
            square = Products(Transposed(x, rows, columns), Transposed(y, rows, columns), columns, rows);
        }
        else
        {
            // X' = Q R and Y' = P S, so X'Y = Q (R S') P' has the singular values of the small matrix in the middle.
            square = Products(TriangularFactor(x, rows, columns), TriangularFactor(y, rows, columns), side, side);
        }

        (double[] diagonal, double[] upper) = new SpectrumBidiagonal(square, side).Reduce(CancellationToken.None);
        SpectrumBidiagonal.Diagonalize(diagonal, upper);
        return diagonal.Sum(Math.Abs);
    }

    /// <summary>Householder's R, upper triangular, of the transpose of a matrix with fewer rows than columns.</summary>
    private static double[] TriangularFactor(double[] matrix, int rows, int columns)
    {
        // A row here is a column of the transpose.
        double[] work = [.. matrix], factor = new double[rows * rows];
        for (int k = 0; k < rows; k++)
        {
            Span<double> v = work.AsSpan((k * columns) + k, columns - k);
            double norm = Math.Sqrt(Dot(v, v));
            double diagonal = v[0] > 0 ? -norm : norm;
            v[0] -= diagonal;
            double half = Dot(v, v) / 2;
            factor[(k * rows) + k] = diagonal;
            for (int j = k + 1; j < rows; j++)
            {
                Span<double> column = work.AsSpan((j * columns) + k, columns - k);
                if (half > 0)
                {
                    double scale = Dot(v, column) / half;
                    for (int i = 0; i < v.Length; i++)
                    {
                        column[i] -= scale * v[i];
                    }
                }

                factor[(k * rows) + j] = column[0];
            }
        }

        return factor;
    }

    /// <summary>The sums that both CKAs are made of. Columns are centered, so the sums over rows of the Gram matrices vanish.</summary>
    private sealed class Moments
    {
        private readonly double _crossed, _squaredX, _squaredY, _diagonal, _diagonalX, _diagonalY;
        private readonly double _n;

        public Moments(double[] x, double[] y, int rows, int columns)
        {
            _n = rows;
            bool byRows = rows <= columns;
            int side = Math.Min(rows, columns), length = Math.Max(rows, columns);
            double[] p = byRows ? x : Transposed(x, rows, columns), q = byRows ? y : Transposed(y, rows, columns);
            double[] squareX = Gram(p, side, length), squareY = Gram(q, side, length);
            double[] crossed = byRows ? [] : Products(p, q, side, length);
            _crossed = byRows ? Dot(squareX, squareY) : Dot(crossed, crossed);
            _squaredX = Dot(squareX, squareX);
            _squaredY = Dot(squareY, squareY);
            for (int i = 0; i < rows; i++)
            {
                Span<double> a = x.AsSpan(i * columns, columns), b = y.AsSpan(i * columns, columns);
                double k = Dot(a, a), l = Dot(b, b);
                TraceX += k;
                TraceY += l;
                _diagonal += k * l;
                _diagonalX += k * k;
                _diagonalY += l * l;
            }
        }

        public double TraceX { get; }

        public double TraceY { get; }

        public double? Biased => TraceX > 0 && TraceY > 0 ? _crossed / Math.Sqrt(_squaredX * _squaredY) : null;

        public double? Unbiased
        {
            get
            {
                if (_n < 4)
                {
                    return null;
                }

                double x = Independence(_squaredX, _diagonalX, TraceX, TraceX), y = Independence(_squaredY, _diagonalY, TraceY, TraceY);
                return x > 0 && y > 0 ? Independence(_crossed, _diagonal, TraceX, TraceY) / Math.Sqrt(x * y) : null;
            }
        }

        private double Independence(double crossed, double diagonal, double traceX, double traceY) =>
            crossed - diagonal + (traceX * traceY / ((_n - 1) * (_n - 2))) - (2 * diagonal / (_n - 2));
    }
}
