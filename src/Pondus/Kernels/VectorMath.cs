using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Transcendental functions on vectors, within about two units in the last place unless stated.</summary>
/// <remarks>Source: the polynomials of exp, sine and cosine are those of the Cephes library, the logarithm follows FreeBSD's logf.</remarks>
internal static unsafe class VectorMath
{
    // Up to here the products in the reduction of sine are exact.
    private const float LargeAngle = 4096;

    /// <summary>e^x, with overflow to infinity and underflow to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        // Beyond these bounds the result is infinite or 0 anyway; NaN passes since it is the second argument.
        x = TV.Max(TV.Create(-104f), TV.Min(TV.Create(89f), x));
        TV n = TV.Round(x * TV.Create(1.44269504f));
        return TV.ScaleExponent(ExpReduced(x, n) + TV.Create(1f), n);
    }

    /// <summary>e^x - 1, exact to relative error near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV ExpMinusOne<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        x = TV.Max(TV.Create(-104f), TV.Min(TV.Create(89f), x));
        TV n = TV.Round(x * TV.Create(1.44269504f));
        TV p = ExpReduced(x, n);

        // 2^n (1 + p) - 1 = 2^n p + (2^n - 1), where 2^n is halved so that 2^128 stays finite.
        TV half = TV.ScaleExponent(TV.Create(0.5f), n);
        return (TV.Fma(half, p, half - TV.Create(0.5f))) * TV.Create(2f);
    }

    /// <summary>The natural logarithm: -infinity at 0 and NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Log<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        // Denormals are scaled into the normal range first.
        TV tiny = TV.Greater(TV.Create(1.17549435e-38f), x);
        TV scaled = TV.Select(tiny, x * TV.Create(33554432f), x);
        TV bits = TV.AddBits(scaled, TV.CreateBits(0x3f800000 - 0x3f3504f3));
        TV exponent = TV.ToSingle(TV.AddBits(TV.ShiftRight(bits, 23), TV.CreateBits(-127))) - (tiny & TV.Create(25f));
        TV f = TV.AddBits(bits & TV.CreateBits(0x007fffff), TV.CreateBits(0x3f3504f3)) - TV.Create(1f);
        TV s = f / (f + TV.Create(2f)), z = s * s, w = z * z;
        TV r = w * TV.Fma(w, TV.Create(0.24279078841f), TV.Create(0.40000972152f));
        r = TV.Fma(z, TV.Fma(w, TV.Create(0.28498786688f), TV.Create(0.66666662693f)), r);
        TV square = TV.Create(0.5f) * f * f;
        TV low = TV.Fma(exponent, TV.Create(9.0580006145e-6f), s * (square + r)) - square + f;
        TV result = TV.Fma(exponent, TV.Create(6.9313812256e-1f), low);
        result = TV.Select(TV.Greater(x, TV.Create(float.MaxValue)), x, result);
        result = TV.Select(TV.Greater(x, TV.Create(0f)), result, TV.Create(float.NaN));
        return TV.Select(TV.Equal(x, TV.Create(0f)), TV.Create(float.NegativeInfinity), result);
    }

    /// <summary>log(1 + x) for x in [0, 1].</summary>
    /// <remarks>log(1 + x) = 2 artanh(s) with s = x / (2 + x), at most 1/3: the series to s^15 is exact to 3e-9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV LogOnePlus<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        TV s = x / (x + TV.Create(2f)), z = s * s;
        TV p = TV.Fma(z, TV.Create(2f / 15), TV.Create(2f / 13));
        p = TV.Fma(p, z, TV.Create(2f / 11));
        p = TV.Fma(p, z, TV.Create(2f / 9));
        p = TV.Fma(p, z, TV.Create(2f / 7));
        p = TV.Fma(p, z, TV.Create(2f / 5));
        p = TV.Fma(p, z, TV.Create(2f / 3));
        return TV.Fma(p * z, s, s + s);
    }

    /// <summary>log(1 + e^x), which never overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Softplus<TV>(TV x)
        where TV : struct, IVector<TV> => LogOnePlus(Exp(TV.Create(0f) - Absolute(x))) + TV.Max(TV.Create(0f), x);

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Sigmoid<TV>(TV x)
        where TV : struct, IVector<TV> => TV.Create(1f) / (TV.Create(1f) + Exp(TV.Create(0f) - x));

    /// <summary>The derivative of the sigmoid without the cancellation of 1 - s, and the sigmoid itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV SigmoidSlope<TV>(TV x, out TV sigmoid)
        where TV : struct, IVector<TV>
    {
        TV e = Exp(TV.Create(0f) - Absolute(x)), d = TV.Create(1f) / (TV.Create(1f) + e), small = e * d;
        sigmoid = TV.Select(TV.Greater(x, TV.Create(0f)), d, small);
        return small * d;
    }

    /// <summary>The hyperbolic tangent as a quotient of polynomials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Tanh<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        x = TV.Max(TV.Create(-7.90531110763549805f), TV.Min(TV.Create(7.90531110763549805f), x));
        TV y = x * x;
        TV p = TV.Fma(y, TV.Create(-2.76076847742355e-16f), TV.Create(2.00018790482477e-13f));
        p = TV.Fma(p, y, TV.Create(-8.60467152213735e-11f));
        p = TV.Fma(p, y, TV.Create(5.12229709037114e-08f));
        p = TV.Fma(p, y, TV.Create(1.48572235717979e-05f));
        p = TV.Fma(p, y, TV.Create(6.37261928875436e-04f));
        p = TV.Fma(p, y, TV.Create(4.89352455891786e-03f));
        TV q = TV.Fma(y, TV.Create(1.19825839466702e-06f), TV.Create(1.18534705686654e-04f));
        q = TV.Fma(q, y, TV.Create(2.26843463243900e-03f));
        q = TV.Fma(q, y, TV.Create(4.89352518554385e-03f));
        return x * p / q;
    }

    /// <summary>The normal distribution function at -|x| and e^(-x^2/2).</summary>
    /// <remarks>Source: the form of Abramowitz and Stegun 7.1.26, a polynomial in 1 / (1 + 0.31 |x|), fitted anew; error 8e-8 absolute, 2e-7 relative.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV NormalTail<TV>(TV x, out TV bell)
        where TV : struct, IVector<TV>
    {
        TV u = Absolute(x);
        bell = Exp(TV.Create(-0.5f) * x * x);
        TV t = TV.Create(1f) / TV.Fma(TV.Create(0.31f), u, TV.Create(1f));
        TV p = TV.Fma(TV.Create(0.036199119819596684f), t, TV.Create(-0.14316361556063018f));
        p = TV.Fma(p, t, TV.Create(0.15787377294644367f));
        p = TV.Fma(p, t, TV.Create(-0.017589612900062872f));
        p = TV.Fma(p, t, TV.Create(0.11157837821161769f));
        p = TV.Fma(p, t, TV.Create(0.10731593504980413f));
        p = TV.Fma(p, t, TV.Create(0.12413396294284136f));
        p = TV.Fma(p, t, TV.Create(0.12365214082632918f));
        return p * t * bell;
    }

    /// <summary>sin(x + quarters pi/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Sine<TV>(TV x, int quarters)
        where TV : struct, IVector<TV>
    {
        TV n = TV.Round(x * TV.Create(0.636619772f));

        // pi/2 in three parts; the first two have few bits, so that their products with n are exact.
        TV r = TV.Fma(n, TV.Create(-1.5703125f), x);
        r = TV.Fma(n, TV.Create(-4.837512969970703125e-4f), r);
        r = TV.Fma(n, TV.Create(-7.54978995489188216e-8f), r);
        TV z = r * r;
        TV sine = TV.Fma(TV.Create(-1.9515295891e-4f), z, TV.Create(8.3321608736e-3f));
        sine = TV.Fma(sine, z, TV.Create(-1.6666654611e-1f));
        sine = TV.Fma(sine * z, r, r);
        TV cosine = TV.Fma(TV.Create(2.443315711809948e-5f), z, TV.Create(-1.388731625493765e-3f));
        cosine = TV.Fma(cosine, z, TV.Create(4.166664568298827e-2f));
        cosine = TV.Fma(cosine * z, z, TV.Fma(TV.Create(-0.5f), z, TV.Create(1f)));
        TV quadrant = TV.AddBits(TV.ToInt32(n), TV.CreateBits(quarters));
        TV odd = TV.ShiftRight(TV.ShiftLeft(quadrant, 31), 31);
        TV sign = TV.ShiftLeft(quadrant & TV.CreateBits(2), 30);
        TV result = TV.Select(odd, cosine, sine) ^ sign;
        return TV.Any(TV.Greater(Absolute(x), TV.Create(LargeAngle))) ? SineOfLarge(x, result, quarters) : result;
    }

    /// <summary>Mask of the first n lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV FirstLanes<TV>(nint n)
        where TV : struct, IVector<TV> => TV.Greater(TV.Create((float)n), TV.ToSingle(TV.LaneIndices()));

    /// <summary>|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Absolute<TV>(TV x)
        where TV : struct, IVector<TV> => x & TV.CreateBits(0x7fffffff);

    /// <summary>-1, 0 or 1; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Sign<TV>(TV x)
        where TV : struct, IVector<TV>
    {
        TV one = (x & TV.CreateBits(int.MinValue)) | TV.Create(1f);
        return TV.Select(TV.Greater(Absolute(x), TV.Create(0f)), one, x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TV SineOfLarge<TV>(TV x, TV result, int quarters)
        where TV : struct, IVector<TV>
    {
        float* angles = stackalloc float[TV.Count], values = stackalloc float[TV.Count];
        TV.Store(angles, x);
        TV.Store(values, result);
        for (int i = 0; i < TV.Count; i++)
        {
            if (MathF.Abs(angles[i]) > LargeAngle)
            {
                values[i] = (float)((quarters & 1) == 0 ? Math.Sin(angles[i]) : Math.Cos(angles[i])) * ((quarters & 2) == 0 ? 1 : -1);
            }
        }

        return TV.Load(values);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV ExpReduced<TV>(TV x, TV n)
        where TV : struct, IVector<TV>
    {
        TV r = TV.Fma(n, TV.Create(-0.693359375f), x);
        r = TV.Fma(n, TV.Create(2.12194440e-4f), r);
        TV p = TV.Fma(TV.Create(1.9875691500e-4f), r, TV.Create(1.3981999507e-3f));
        p = TV.Fma(p, r, TV.Create(8.3334519073e-3f));
        p = TV.Fma(p, r, TV.Create(4.1665795894e-2f));
        p = TV.Fma(p, r, TV.Create(1.6666665459e-1f));
        p = TV.Fma(p, r, TV.Create(0.5f));
        return TV.Fma(p, r * r, r);
    }
}
