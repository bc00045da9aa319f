namespace Pondus.Optimizers;

/// <summary>Finds a point on a line that fulfils the strong Wolfe conditions: the loss fell enough, and the slope flattened enough.</summary>
/// <remarks>Source: Nocedal and Wright 2006, Numerical Optimization, algorithms 3.5 and 3.6, with the safeguards of PyTorch's <c>_strong_wolfe</c>.</remarks>
internal static class LineSearch
{
    private const double EnoughFall = 1e-4;
    private const double EnoughFlattening = 0.9;

    /// <summary>Searches from <paramref name="start"/>, whose place is 0.</summary>
    /// <param name="evaluate">Computes a point.</param>
    /// <param name="start">The point where the line starts.</param>
    /// <param name="first">The first place to look at.</param>
    /// <param name="directionSize">Largest magnitude of the direction.</param>
    /// <param name="changeTolerance">Smallest change of a weight with which the search goes on.</param>
    /// <param name="maximumRounds">Points beyond the first that may be computed, at least 0.</param>
    /// <returns>The point and how many were computed.</returns>
    public static (LinePoint Point, int Evaluations) StrongWolfe(Func<double, LinePoint> evaluate, in LinePoint start, double first, double directionSize, double changeTolerance, int maximumRounds)
    {
        LinePoint previous = start, now = evaluate(first);
        int evaluations = 1, rounds = 0;
        LinePoint low = start, high = now;
        for (; rounds < maximumRounds; rounds++)
        {
            bool rises = now.Loss > start.Loss + (EnoughFall * now.At * start.Slope) || (rounds > 1 && now.Loss >= previous.Loss);
            if (!rises && Math.Abs(now.Slope) <= -EnoughFlattening * start.Slope)
            {
                return (now, evaluations);
            }

            if (rises || now.Slope >= 0)
            {
                (low, high) = (previous, now);
                break;
            }

            double nearest = now.At + (0.01 * (now.At - previous.At)), farthest = now.At * 10;
            double next = Cubic(previous, now, nearest, farthest);
            (previous, now) = (now, evaluate(next));
            evaluations++;
            (low, high) = (start, now);
        }

        (low, high) = low.Loss <= high.Loss ? (low, high) : (high, low);
        return Zoom(evaluate, start, low, high, maximumRounds - rounds, evaluations, directionSize, changeTolerance);
    }

    private static (LinePoint Point, int Evaluations) Zoom(Func<double, LinePoint> evaluate, in LinePoint start, LinePoint low, LinePoint high, int roundsLeft, int evaluations, double directionSize, double changeTolerance)
    {
        bool crept = false;
        for (; roundsLeft > 0 && Math.Abs(high.At - low.At) * directionSize >= changeTolerance; roundsLeft--)
        {
            double left = Math.Min(low.At, high.At), right = Math.Max(low.At, high.At);
            double at = Cubic(low, high, left, right), margin = 0.1 * (right - left);
            bool near = Math.Min(right - at, at - left) < margin;
            if (near && (crept || at >= right || at <= left))
            {
                at = Math.Abs(at - right) < Math.Abs(at - left) ? right - margin : left + margin;
                near = false;
            }

            crept = near;
            LinePoint now = evaluate(at);
            evaluations++;
            if (now.Loss > start.Loss + (EnoughFall * now.At * start.Slope) || now.Loss >= low.Loss)
            {
                (low, high) = low.Loss <= now.Loss ? (low, now) : (now, low);
                continue;
            }

            if (Math.Abs(now.Slope) <= -EnoughFlattening * start.Slope)
            {
                return (now, evaluations);
            }

            high = now.Slope * (high.At - low.At) >= 0 ? low : high;
            low = now;
        }

        return (low, evaluations);
    }

    /// <summary>The minimum of the cubic that has both points' losses and slopes, within bounds; their middle when it has none.</summary>
    private static double Cubic(in LinePoint one, in LinePoint other, double least, double most)
    {
        (LinePoint a, LinePoint b) = one.At <= other.At ? (one, other) : (other, one);
        double d1 = a.Slope + b.Slope - (3 * (a.Loss - b.Loss) / (a.At - b.At)), square = (d1 * d1) - (a.Slope * b.Slope);
        if (square < 0)
        {
            return (least + most) / 2;
        }

        double d2 = Math.Sqrt(square), minimum = b.At - ((b.At - a.At) * ((b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2))));
        return Math.Min(Math.Max(minimum, least), most);
    }
}
