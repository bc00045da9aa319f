using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>What attention does to rows of a block of scores.</summary>
internal static unsafe class AttentionRows
{
    /// <summary>Turns scores into e^(score - maximum) and brings the row's running maximum and sum up to date; beyond the visible keys they become 0.</summary>
    /// <param name="scores">The row, of <paramref name="width"/> scores without scale.</param>
    /// <param name="visible">How many of them count.</param>
    /// <param name="width">Scores of the row.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mask">Added to the scaled scores, or null.</param>
    /// <param name="maximum">The largest score so far.</param>
    /// <param name="sum">The sum of exponentials so far, relative to the maximum.</param>
    /// <returns>The factor that brings what was added up before to the new maximum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials<TV>(float* scores, nint visible, nint width, float scale, float* mask, ref float maximum, ref float sum)
        where TV : struct, IVector<TV>
    {
        TV factor = TV.Create(scale), lowest = TV.Create(float.NegativeInfinity), best = lowest;
        nint j = 0;
        if (mask != null || scale <= 0)
        {
            for (; j < visible; j += TV.Count)
            {
                nint n = Math.Min(TV.Count, visible - j);
                TV s = TV.LoadPartial(scores + j, n) * factor;
                s = mask == null ? s : s + TV.LoadPartial(mask + j, n);
                TV.StorePartial(scores + j, n, s);
                best = TV.Max(TV.Select(VectorMath.FirstLanes<TV>(n), s, lowest), best);
            }

            factor = TV.Create(1f);
        }
        else
        {
            for (; j <= visible - TV.Count; j += TV.Count)
            {
                best = TV.Max(TV.Load(scores + j), best);
            }

            if (j < visible)
            {
                best = TV.Max(TV.Select(VectorMath.FirstLanes<TV>(visible - j), TV.LoadPartial(scores + j, visible - j), lowest), best);
            }

            best *= factor;
        }

        float before = maximum;
        maximum = Math.Max(before, TV.MaxLanes(best));

        // Where nothing is visible yet the maximum is minus infinity, from which no score can be subtracted.
        float shift = float.IsNegativeInfinity(maximum) ? 0f : maximum;
        TV low = TV.Create(-shift), total = TV.Create(0f);
        for (j = 0; j <= visible - TV.Count; j += TV.Count)
        {
            TV e = VectorMath.Exp(TV.Fma(TV.Load(scores + j), factor, low));
            TV.Store(scores + j, e);
            total += e;
        }

        if (j < visible)
        {
            nint n = visible - j;
            TV e = VectorMath.FirstLanes<TV>(n) & VectorMath.Exp(TV.Fma(TV.LoadPartial(scores + j, n), factor, low));
            TV.StorePartial(scores + j, n, e);
            total += e;
        }

        Clear<TV>(scores, visible, width);
        float correction = float.IsNegativeInfinity(before) ? 0f : MathF.Exp(before - shift);
        sum = (sum * correction) + TV.SumLanes(total);
        return correction;
    }

    /// <summary>Turns scores into attention weights again, and the weights' gradients into those of the scores without scale.</summary>
    /// <param name="scores">The row of scores without scale; receives the weights, dropped ones as 0.</param>
    /// <param name="gradients">The row of the weights' gradients; receives those of the scores.</param>
    /// <param name="visible">How many of them count.</param>
    /// <param name="width">Scores of the row.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="mask">Added to the scaled scores, or null.</param>
    /// <param name="kept">Factor of each weight, 0 for dropped ones; null without dropout.</param>
    /// <param name="logarithm">The logarithm of the row's sum of e^score.</param>
    /// <param name="product">The product of the row's output with its gradient.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient<TV>(float* scores, float* gradients, nint visible, nint width, float scale, float* mask, float* kept, float logarithm, float product)
        where TV : struct, IVector<TV>
    {
        TV factor = TV.Create(scale), low = TV.Create(-logarithm), mean = TV.Create(product);
        nint j = 0;
        for (; mask == null && kept == null && j <= visible - TV.Count; j += TV.Count)
        {
            TV p = VectorMath.Exp(TV.Fma(TV.Load(scores + j), factor, low));
            TV.Store(scores + j, p);
            TV.Store(gradients + j, p * (TV.Load(gradients + j) - mean) * factor);
        }

        for (; j < visible; j += TV.Count)
        {
            nint n = Math.Min(TV.Count, visible - j);
            TV s = TV.Fma(TV.LoadPartial(scores + j, n), factor, low);
            TV p = VectorMath.Exp(mask == null ? s : s + TV.LoadPartial(mask + j, n)), d = TV.LoadPartial(gradients + j, n), used = p;
            if (kept != null)
            {
                TV k = TV.LoadPartial(kept + j, n);
                used = p * k;
                d *= k;
            }

            TV.StorePartial(scores + j, n, used);
            TV.StorePartial(gradients + j, n, p * (d - mean) * factor);
        }

        Clear<TV>(scores, visible, width);
        Clear<TV>(gradients, visible, width);
    }

    /// <summary>Multiplies by a number, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale<TV>(float* x, nint n, float factor)
        where TV : struct, IVector<TV>
    {
        TV f = TV.Create(factor);
        for (nint j = 0; j < n; j += TV.Count)
        {
            nint rest = Math.Min(TV.Count, n - j);
            TV.StorePartial(x + j, rest, TV.LoadPartial(x + j, rest) * f);
        }
    }

    /// <summary>Multiplies by factors, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TV>(float* x, float* factors, nint n)
        where TV : struct, IVector<TV>
    {
        for (nint j = 0; j < n; j += TV.Count)
        {
            nint rest = Math.Min(TV.Count, n - j);
            TV.StorePartial(x + j, rest, TV.LoadPartial(x + j, rest) * TV.LoadPartial(factors + j, rest));
        }
    }

    /// <summary>The product of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot<TV>(float* x, float* y, nint n)
        where TV : struct, IVector<TV>
    {
        TV sum = TV.Create(0f);
        nint j = 0;
        for (; j <= n - TV.Count; j += TV.Count)
        {
            sum = TV.Fma(TV.Load(x + j), TV.Load(y + j), sum);
        }

        if (j < n)
        {
            sum = TV.Fma(TV.LoadPartial(x + j, n - j), TV.LoadPartial(y + j, n - j), sum);
        }

        return TV.SumLanes(sum);
    }

    /// <summary>Draws the factors of a row's weights: 0 for dropped ones, 1 / (1 - rate) for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw<TV>(float* kept, nint n, float rate, ulong key, ulong counter)
        where TV : struct, IVector<TV>
    {
        Philox.Fill(key, counter, (n + 3) / 4, (uint*)kept);
        TV threshold = TV.Create(rate * (1 << 24)), factor = TV.Create(1 / (1 - rate)), bits24 = TV.CreateBits(0xFFFFFF);
        for (nint j = 0; j < n; j += TV.Count)
        {
            TV u = TV.ToSingle(TV.ShiftRightLogical(TV.Load(kept + j), 8) & bits24);
            TV.Store(kept + j, TV.GreaterOrEqual(u, threshold) & factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<TV>(float* x, nint from, nint to)
        where TV : struct, IVector<TV>
    {
        for (nint j = from; j < to; j += TV.Count)
        {
            TV.StorePartial(x + j, Math.Min(TV.Count, to - j), TV.Create(0f));
        }
    }
}
