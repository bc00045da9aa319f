namespace Pondus.Weights;

/// <summary>Sums over pairs of values, a part at a time: what all distances but those of distributions are made of.</summary>
internal sealed class DifferenceSums
{
    private double _absolute, _squared, _squaredA, _squaredB, _product;
    private double _meanA, _meanB, _spreadA, _spreadB, _covariance;
    private long _finite;

    public long Count { get; private set; }

    public long NonFinite => Count - _finite;

    public long EqualCount { get; private set; }

    public long SignChanges { get; private set; }

    public long ZeroedCount { get; private set; }

    public double Max { get; private set; }

    public double Smallest { get; private set; } = double.PositiveInfinity;

    public double Largest { get; private set; } = double.NegativeInfinity;

    public double? Mean => _finite > 0 ? _absolute / _finite : null;

    public double? RootMeanSquare => _finite > 0 ? Math.Sqrt(_squared / _finite) : null;

    public double? Relative => _squaredA > 0 ? Math.Sqrt(_squared / _squaredA) : _squared == 0 && _finite > 0 ? 0 : null;

    public double? SignalToNoise => _squaredA > 0 && _squared > 0 ? 10 * Math.Log10(_squaredA / _squared) : null;

    public double? Cosine => _squaredA > 0 && _squaredB > 0 ? _product / (Math.Sqrt(_squaredA) * Math.Sqrt(_squaredB)) : null;

    public double? Pearson => _spreadA > 0 && _spreadB > 0 ? _covariance / (Math.Sqrt(_spreadA) * Math.Sqrt(_spreadB)) : null;

    /// <summary>Adds pairs. The means and spreads of parts are merged as Chan, Golub and LeVeque 1979 do.</summary>
    public void Add(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sumA = 0, sumB = 0;
        long finite = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i], y = b[i];
            if (x == y || (double.IsNaN(x) && double.IsNaN(y)))
            {
                EqualCount++;
            }

            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                continue;
            }

            finite++;
            sumA += x;
            sumB += y;
            double d = Math.Abs(y - x);
            Max = Math.Max(Max, d);
            Smallest = Math.Min(Smallest, Math.Min(x, y));
            Largest = Math.Max(Largest, Math.Max(x, y));
            _absolute += d;
            _squared += d * d;
            _squaredA += x * x;
            _squaredB += y * y;
            _product += x * y;
            SignChanges += Math.Sign(x) != Math.Sign(y) ? 1 : 0;
            ZeroedCount += x != 0 && y == 0 ? 1 : 0;
        }

        Count += a.Length;
        if (finite > 0)
        {
            Merge(a, b, finite, sumA / finite, sumB / finite);
        }
    }

    private void Merge(ReadOnlySpan<double> a, ReadOnlySpan<double> b, long finite, double meanA, double meanB)
    {
        double spreadA = 0, spreadB = 0, covariance = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (double.IsFinite(a[i]) && double.IsFinite(b[i]))
            {
                double x = a[i] - meanA, y = b[i] - meanB;
                spreadA += x * x;
                spreadB += y * y;
                covariance += x * y;
            }
        }

        double all = _finite + finite, weight = _finite * finite / all, stepA = meanA - _meanA, stepB = meanB - _meanB;
        _spreadA += spreadA + (stepA * stepA * weight);
        _spreadB += spreadB + (stepB * stepB * weight);
        _covariance += covariance + (stepA * stepB * weight);
        _meanA += stepA * finite / all;
        _meanB += stepB * finite / all;
        _finite += finite;
    }
}
