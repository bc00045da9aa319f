using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Multiplies samples, or the channels of samples, by factors of their own.</summary>
internal static unsafe class FactorKernels
{
    /// <summary>y (+)= x times the factor of its sample and channel, where the channels come last; factors are (batch, channels).</summary>
    public static void Scale(float* x, float* factors, float* y, bool add, nint batch, nint places, nint channels) =>
        Launch.Rows(new Kernel { X = x, Factors = factors, Y = y, Add = add, Places = places, Channels = channels }, batch * places, channels);

    private struct Kernel : IRangeKernel
    {
        public float* X;
        public float* Factors;
        public float* Y;
        public nint Places;
        public nint Channels;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint row = begin; row < end; row++)
            {
                float* x = X + (row * Channels), y = Y + (row * Channels), factors = Factors + (row / Places * Channels);
                for (nint c = 0; c < Channels; c += TV.Count)
                {
                    nint n = Math.Min(TV.Count, Channels - c);
                    TV v = TV.LoadPartial(x + c, n) * TV.LoadPartial(factors + c, n);
                    TV.StorePartial(y + c, n, Add ? TV.LoadPartial(y + c, n) + v : v);
                }
            }
        }
    }
}
