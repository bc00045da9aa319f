using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Reads and writes whole vectors without masks and the last units of a row with them.</summary>
internal static unsafe class Units
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Load<TV>(float* p, nint count)
        where TV : struct, IVector<TV> => count == TV.Count ? TV.Load(p) : TV.LoadPartial(p, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TV>(float* p, nint count, TV value)
        where TV : struct, IVector<TV>
    {
        if (count == TV.Count)
        {
            TV.Store(p, value);
        }
        else
        {
            TV.StorePartial(p, count, value);
        }
    }
}

/// <summary>h = tanh(a).</summary>
internal readonly unsafe struct TanhCell : IRecurrentCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Forward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter)
        where TV : struct, IVector<TV>
    {
        TV h = VectorMath.Tanh(Units.Load<TV>(gates, count));
        Units.Store(gates, count, h);
        return h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Backward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter, TV d, float* dCell)
        where TV : struct, IVector<TV>
    {
        TV h = Units.Load<TV>(gates, count);
        Units.Store(gates, count, d * (TV.Create(1f) - (h * h)));
        return TV.Create(0f);
    }
}

/// <summary>h = max(a, 0).</summary>
internal readonly unsafe struct ReluCell : IRecurrentCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Forward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter)
        where TV : struct, IVector<TV>
    {
        TV h = TV.Max(TV.Create(0f), Units.Load<TV>(gates, count));
        Units.Store(gates, count, h);
        return h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Backward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter, TV d, float* dCell)
        where TV : struct, IVector<TV>
    {
        TV h = Units.Load<TV>(gates, count);
        Units.Store(gates, count, TV.Select(TV.Greater(h, TV.Create(0f)), d, TV.Create(0f)));
        return TV.Create(0f);
    }
}

/// <summary>i, f, o = sigmoid, g = tanh of their sums; c = f c + i g; h = o tanh(c). Gates lie in the order i, f, g, o.</summary>
internal readonly unsafe struct LstmCell : IRecurrentCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Forward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter)
        where TV : struct, IVector<TV>
    {
        TV i = VectorMath.Sigmoid(Units.Load<TV>(gates, count)), f = VectorMath.Sigmoid(Units.Load<TV>(gates + width, count));
        TV g = VectorMath.Tanh(Units.Load<TV>(gates + (2 * width), count)), o = VectorMath.Sigmoid(Units.Load<TV>(gates + (3 * width), count));
        Units.Store(gates, count, i);
        Units.Store(gates + width, count, f);
        Units.Store(gates + (2 * width), count, g);
        Units.Store(gates + (3 * width), count, o);
        TV c = TV.Fma(f, Units.Load<TV>(cellBefore, count), i * g);
        Units.Store(cellAfter, count, c);
        return o * VectorMath.Tanh(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Backward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter, TV d, float* dCell)
        where TV : struct, IVector<TV>
    {
        TV one = TV.Create(1f);
        TV i = Units.Load<TV>(gates, count), f = Units.Load<TV>(gates + width, count), g = Units.Load<TV>(gates + (2 * width), count), o = Units.Load<TV>(gates + (3 * width), count);

        // Once more, since it costs less than memory for it would.
        TV t = VectorMath.Tanh(Units.Load<TV>(cellAfter, count));
        TV dc = TV.Fma(d * o, one - (t * t), Units.Load<TV>(dCell, count));
        Units.Store(gates, count, dc * g * i * (one - i));
        Units.Store(gates + width, count, dc * Units.Load<TV>(cellBefore, count) * f * (one - f));
        Units.Store(gates + (2 * width), count, dc * i * (one - (g * g)));
        Units.Store(gates + (3 * width), count, d * t * o * (one - o));
        Units.Store(dCell, count, dc * f);
        return TV.Create(0f);
    }
}

/// <summary>r, z = sigmoid of their sums; n = tanh(a + r b); h = n + z (h - n). Values lie in the order a (then n), r, z, b.</summary>
/// <remarks>The new gate's sums of the input, a, and of the hidden state, b, stand at the two ends: what belongs to either weight is then in one piece.</remarks>
internal readonly unsafe struct GruCell : IRecurrentCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Forward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter)
        where TV : struct, IVector<TV>
    {
        TV r = VectorMath.Sigmoid(Units.Load<TV>(gates + width, count)), z = VectorMath.Sigmoid(Units.Load<TV>(gates + (2 * width), count));
        TV n = VectorMath.Tanh(TV.Fma(r, Units.Load<TV>(gates + (3 * width), count), Units.Load<TV>(gates, count)));
        Units.Store(gates, count, n);
        Units.Store(gates + width, count, r);
        Units.Store(gates + (2 * width), count, z);
        return TV.Fma(z, hidden - n, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Backward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter, TV d, float* dCell)
        where TV : struct, IVector<TV>
    {
        TV one = TV.Create(1f);
        TV n = Units.Load<TV>(gates, count), r = Units.Load<TV>(gates + width, count), z = Units.Load<TV>(gates + (2 * width), count), b = Units.Load<TV>(gates + (3 * width), count);
        TV dn = d * (one - z) * (one - (n * n));
        Units.Store(gates, count, dn);
        Units.Store(gates + width, count, dn * b * r * (one - r));
        Units.Store(gates + (2 * width), count, d * (hidden - n) * z * (one - z));
        Units.Store(gates + (3 * width), count, dn * r);
        return d * z;
    }
}
