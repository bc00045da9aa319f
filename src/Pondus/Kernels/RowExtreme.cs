using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The largest element of one row and where it stands.</summary>
internal static unsafe class RowExtreme
{
    /// <summary>Finds the largest of x ^ flip (the smallest x when flip is the sign bit); NaN wins, the first index on ties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nint Find<TV>(float* x, nint n, TV flip, out float value)
        where TV : struct, IVector<TV>
    {
        TV best = TV.Create(float.NegativeInfinity), other = best, nan = TV.Create(0f);
        nint i = 0;
        for (; i <= n - (2 * TV.Count); i += 2 * TV.Count)
        {
            TV u = TV.Load(x + i) ^ flip, v = TV.Load(x + i + TV.Count) ^ flip;
            nan |= TV.IsNaN(u) | TV.IsNaN(v);
            best = TV.Max(u, best);
            other = TV.Max(v, other);
        }

        for (; i < n; i += TV.Count)
        {
            nint rest = Math.Min(TV.Count, n - i);
            TV u = TV.Select(VectorMath.FirstLanes<TV>(rest), TV.LoadPartial(x + i, rest) ^ flip, best);
            nan |= TV.IsNaN(u);
            best = TV.Max(u, best);
        }

        bool anyNaN = TV.Any(nan);
        value = TV.MaxLanes(TV.Max(best, other));
        TV target = TV.Create(value);
        for (i = 0; i <= n - TV.Count; i += TV.Count)
        {
            TV u = TV.Load(x + i) ^ flip;
            if (TV.Any(anyNaN ? TV.IsNaN(u) : TV.Equal(u, target)))
            {
                break;
            }
        }

        // The first 0 or NaN decides which sign or payload is given back.
        float sign = TV.Any(flip) ? -1 : 1;
        for (; i < n; i++)
        {
            if (anyNaN ? float.IsNaN(x[i]) : x[i] * sign == value)
            {
                value = x[i];
                return i;
            }
        }

        return 0;
    }
}
