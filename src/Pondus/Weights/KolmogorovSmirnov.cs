namespace Pondus.Weights;

/// <summary>The two-sample test of Kolmogorov and Smirnov: were two sets of values drawn from one distribution?</summary>
/// <remarks>
/// <para>Formula: the statistic is the largest distance of the two empirical distribution functions. Its probability is that of
/// the one-sample statistic for the effective size m n / (m + n), rounded, as in SciPy's <c>ks_2samp(method="asymp")</c>.</para>
/// <para>Source: Marsaglia, Tsang and Wang 2003, doi:10.18637/jss.v008.i18 (small sizes); Pelz and Good 1976 (large sizes);
/// Simard and L'Ecuyer 2011, doi:10.18637/jss.v039.i11 (which formula where); Maag and Dicaire 1971 (one-sided, large sizes).</para>
/// </remarks>
internal static class KolmogorovSmirnov
{
    private const int SmallCount = 140;
    private const int SumCount = 100_000;

    /// <summary>The statistic of two sorted sets.</summary>
    public static double Statistic(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double largest = 0;
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            double at = Math.Min(a[i], b[j]);
            // Equal values step together: the functions are compared behind them.
            while (i < a.Length && a[i] <= at)
            {
                i++;
            }

            while (j < b.Length && b[j] <= at)
            {
                j++;
            }

            largest = Math.Max(largest, Math.Abs(((double)i / a.Length) - ((double)j / b.Length)));
        }

        return largest;
    }

    /// <summary>How probable a statistic at least as large is when both sets come from one distribution.</summary>
    public static double Probability(double statistic, long countA, long countB)
    {
        double n = Math.Round((double)countA * countB / ((double)countA + countB), MidpointRounding.ToEven);
        return n < 1 ? 1 : Math.Clamp(UpperTail(statistic, n), 0, 1);
    }

    private static double UpperTail(double x, double n)
    {
        double t = n * x, squared = t * x;
        if (x >= 1)
        {
            return 0;
        }

        if (t <= 0.5)
        {
            return 1;
        }

        if (x >= 0.5 || squared >= (n <= SmallCount ? 4 : 2.2))
        {
            // Both sides cannot be that far out at once, so the two-sided tail is twice the one-sided.
            return 2 * OneSided(x, n);
        }

        return 1 - (n <= SmallCount ? MarsagliaTsangWang(x, (int)n) : PelzGood(x, n));
    }

    private static double OneSided(double x, double n)
    {
        if (n > SumCount)
        {
            return Math.Exp(-((6 * n * x) + 1) * ((6 * n * x) + 1) / (18 * n));
        }

        // Smirnov's sum: x * sum C(n, j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j).
        double sum = 0, logBinomial = 0;
        for (int j = 0; j <= n * (1 - x); j++)
        {
            double left = x + (j / n), right = 1 - left;
            if (right > 0)
            {
                sum += Math.Exp(logBinomial + ((j - 1) * Math.Log(left)) + ((n - j) * Math.Log(right)));
            }
            else if (j == (int)n)
            {
                sum += Math.Exp(logBinomial + ((j - 1) * Math.Log(left)));
            }

            logBinomial += Math.Log((n - j) / (j + 1));
        }

        return x * sum;
    }

    private static double MarsagliaTsangWang(double d, int n)
    {
        int k = (int)Math.Ceiling(n * d), m = (2 * k) - 1;
        double h = k - (n * d);
        double[] matrix = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                matrix[(i * m) + j] = i - j + 1 < 0 ? 0 : 1;
            }
        }

        for (int i = 0; i < m; i++)
        {
            matrix[i * m] -= Math.Pow(h, i + 1);
            matrix[((m - 1) * m) + i] -= Math.Pow(h, m - i);
        }

        matrix[(m - 1) * m] += (2 * h) - 1 > 0 ? Math.Pow((2 * h) - 1, m) : 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int g = 1; g <= i - j + 1; g++)
                {
                    matrix[(i * m) + j] /= g;
                }
            }
        }

        double[] power = Power(matrix, m, n, out int exponent);
        double value = power[((k - 1) * m) + k - 1];
        for (int i = 1; i <= n; i++)
        {
            value = value * i / n;
            if (value < 1e-140)
            {
                value *= 1e140;
                exponent -= 140;
            }
        }

        return value * Math.Pow(10, exponent);
    }

    // Squares and multiplies; the decimal exponent is kept apart, since the entries grow beyond float64.
    private static double[] Power(double[] matrix, int m, int n, out int exponent)
    {
        double[] result = new double[m * m], square = matrix;
        int squareExponent = 0;
        exponent = 0;
        for (int i = 0; i < m; i++)
        {
            result[(i * m) + i] = 1;
        }

        for (int bits = n; bits > 0; bits >>= 1)
        {
            if ((bits & 1) != 0)
            {
                result = Product(result, square, m);
                exponent += squareExponent + Rescale(result, m);
            }

            square = Product(square, square, m);
            squareExponent = (2 * squareExponent) + Rescale(square, m);
        }

        return result;
    }

    private static int Rescale(double[] matrix, int m)
    {
        if (matrix[(m / 2 * m) + (m / 2)] <= 1e140)
        {
            return 0;
        }

        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] *= 1e-140;
        }

        return 140;
    }

    private static double[] Product(double[] a, double[] b, int m)
    {
        double[] c = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            for (int k = 0; k < m; k++)
            {
                double factor = a[(i * m) + k];
                for (int j = 0; j < m; j++)
                {
                    c[(i * m) + j] += factor * b[(k * m) + j];
                }
            }
        }

        return c;
    }

    // Pelz and Good's expansion up to n^(-3/2).
    private static double PelzGood(double x, double n)
    {
        const int terms = 20;
        double rootN = Math.Sqrt(n), z = x * rootN;
        double z2 = z * z, z3 = z2 * z, z4 = z2 * z2, z6 = z4 * z2, z7 = z4 * z3, z8 = z4 * z4, z10 = z8 * z2;
        double pi2 = Math.PI * Math.PI, pi4 = pi2 * pi2, pi6 = pi4 * pi2, rate = pi2 / (2 * z2);
        double k0 = 0, k1 = 0, k2 = 0, k2Whole = 0, k3 = 0, k3Whole = 0;
        for (int j = 0; j < terms; j++)
        {
            double t = (j + 0.5) * (j + 0.5), decay = Math.Exp(-t * rate);
            k0 += decay;
            k1 += ((pi2 * t) - z2) * decay;
            k2 += ((6 * z6) + (2 * z4) + (pi2 * ((2 * z4) - (5 * z2)) * t) + (pi4 * (1 - (2 * z2)) * t * t)) * decay;
            k3 += ((-30 * z6) - (90 * z8) + (pi2 * ((135 * z4) - (96 * z6)) * t) + (pi4 * ((212 * z4) - (60 * z2)) * t * t) + (pi6 * (5 - (30 * z2)) * t * t * t)) * decay;
            double whole = (double)j * j, wholeDecay = Math.Exp(-whole * rate);
            k2Whole += pi2 * whole * wholeDecay;
            k3Whole += ((3 * pi2 * whole * z2) - (pi4 * whole * whole)) * wholeDecay;
        }

        double rootHalfPi = Math.Sqrt(Math.PI / 2);
        return (2 * rootHalfPi / z * k0)
            + (rootHalfPi / (rootN * 3 * z4) * k1)
            + (rootHalfPi / n * ((k2 / (36 * z7)) - (k2Whole / (18 * z3))))
            + (rootHalfPi / (rootN * n) * ((k3 / (3240 * z10)) + (k3Whole / (108 * z6))));
    }
}
