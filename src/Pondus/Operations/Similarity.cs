namespace Pondus;

/// <summary>Similarity of pictures as losses and metrics share it.</summary>
internal sealed class Similarity
{
    /// <summary>Exponents of the five scales, finest first: Wang, Simoncelli and Bovik 2003, section 3.2.</summary>
    private static readonly float[] s_scaleWeights = [0.0448f, 0.2856f, 0.3001f, 0.2363f, 0.1333f];

    private readonly double[] _window;
    private readonly double _c1;
    private readonly double _c2;
    private readonly string _who;

    /// <summary>Makes the measure.</summary>
    public Similarity(float dataRange, int windowSize, float sigma, float k1, float k2, string who)
    {
        if (windowSize is < 3 or > 63 || windowSize % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(windowSize), windowSize, $"{who}: expected an odd window size in [3, 63], got {windowSize}.");
        }

        foreach ((string name, float value) in new[] { (nameof(dataRange), dataRange), (nameof(sigma), sigma), (nameof(k1), k1), (nameof(k2), k2) })
        {
            if (value is not (> 0f and <= float.MaxValue))
            {
                throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} above 0, got {value}.");
            }
        }

        // The decimal numbers that were meant, not their nearest singles.
        double range = (double)(decimal)dataRange, deviation = (double)(decimal)sigma;
        _c1 = Math.Pow((double)(decimal)k1 * range, 2);
        _c2 = Math.Pow((double)(decimal)k2 * range, 2);
        _who = who;
        _window = new double[windowSize];
        double sum = 0;
        for (int i = 0; i < windowSize; i++)
        {
            double distance = (i - (windowSize / 2)) / deviation;
            sum += _window[i] = Math.Exp(-0.5 * distance * distance);
        }

        for (int i = 0; i < windowSize; i++)
        {
            _window[i] /= sum;
        }
    }

    /// <summary>The peak signal-to-noise ratio of each picture in decibels: (N, C, H, W) to (N), any other shape to ().</summary>
    public static Tensor PeakRatio(Tensor first, Tensor second, float dataRange, float smallestError, string who)
    {
        Shape shape = first.Shape;
        if (shape != second.Shape)
        {
            throw new ShapeException($"{who}: expected pictures of one shape, got {shape} and {second.Shape}.");
        }

        Tensor squares = ((first - second) * (1f / dataRange)).Square();
        Tensor error = shape.Rank == 4 ? squares.Flatten(1).Mean(-1) : squares.Mean();
        if (smallestError > 0f)
        {
            error = error.Maximum(new Tensor(Tape.Constant(smallestError)));
        }

        return error.Logarithm() * (-10f / MathF.Log(10f));
    }

    /// <summary>The structural similarity of each plane: (..., H, W) twice to (...).</summary>
    public Tensor OfPlanes(Tensor first, Tensor second) => SimilarityOperation.Apply(first, second, _window, _c1, _c2, withLuminance: true, _who);

    /// <summary>The multi-scale structural similarity of each plane.</summary>
    public Tensor OfPlanesAtScales(Tensor first, Tensor second)
    {
        int scales = s_scaleWeights.Length, least = _window.Length << (scales - 1);
        Shape shape = first.Shape;
        if (shape.Rank < 2 || shape[^1] < least || shape[^2] < least)
        {
            throw new ShapeException($"{_who}: expected pictures (..., height, width) of at least {least} x {least} pixels for {scales} scales, got {shape}.");
        }

        Tensor product = default;
        for (int scale = 0; scale < scales; scale++)
        {
            bool last = scale == scales - 1;

            // A negative mean counts as 0: it has no root.
            Tensor factor = SimilarityOperation.Apply(first, second, _window, _c1, _c2, last, _who).Relu().Power(s_scaleWeights[scale]);
            product = scale == 0 ? factor : product * factor;
            if (!last)
            {
                first = Halved(first);
                second = Halved(second);
            }
        }

        return product;
    }

    // Means of 2 x 2 pixels; an odd last row or column is dropped.
    private static Tensor Halved(Tensor x)
    {
        int height = x.Shape[^2] / 2, width = x.Shape[^1] / 2;
        Tensor rows = x.Slice(-2, 0, height, 2) + x.Slice(-2, 1, height, 2);
        return (rows.Slice(-1, 0, width, 2) + rows.Slice(-1, 1, width, 2)) * 0.25f;
    }
}
