using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <content>Derivatives taken in a loop of their own: together with the sums they exceed what the compiler inlines.</content>
internal static unsafe partial class ChannelPass
{
    /// <summary>kept = f' dy, where f' is taken at (x - mean) scale + shift, for whole vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Derive<TOperator, TV>(float* x, float* dy, float* kept, nint rows, nint stride, nint columns, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        TV none = TV.Create(0f);
        for (nint j = 0; j < columns; j += TV.Count)
        {
            TV m = TV.Load(numbers.Mean + j), a = TV.Load(numbers.Scale + j), b = TV.Load(numbers.Shift + j);
            float* p = x + j, d = dy + j, k = kept + j;
            for (nint r = 0; r < rows; r++, p += stride, d += stride, k += stride)
            {
                TV z = TV.Fma(TV.Load(p) - m, a, b);
                TV.Store(k, TOperator.Gradient(z, z, TV.Load(d), none));
            }
        }
    }

    /// <summary>The same for the last n columns, from column j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DeriveRest<TOperator, TV>(float* x, float* dy, float* kept, nint rows, nint stride, nint j, nint n, in ChannelNumbers numbers)
        where TOperator : struct, IUnaryOperator
        where TV : struct, IVector<TV>
    {
        TV m = TV.LoadPartial(numbers.Mean + j, n), a = TV.LoadPartial(numbers.Scale + j, n), b = TV.LoadPartial(numbers.Shift + j, n), none = TV.Create(0f);
        float* p = x + j, d = dy + j, k = kept + j;
        for (nint r = 0; r < rows; r++, p += stride, d += stride, k += stride)
        {
            TV z = TV.Fma(TV.LoadPartial(p, n) - m, a, b);
            TV.StorePartial(k, n, TOperator.Gradient(z, z, TV.LoadPartial(d, n), none));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TV>(float* p, TV v)
        where TV : struct, IVector<TV> => TV.Store(p, TV.Load(p) + v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPartial<TV>(float* p, nint n, TV v)
        where TV : struct, IVector<TV> => TV.StorePartial(p, n, TV.LoadPartial(p, n) + v);
}
