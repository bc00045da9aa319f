using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Dropout whose mask is not stored but recomputed from a key and a counter.</summary>
/// <remarks>
/// <para>Formula: y = x / (1 - rate) where u is at least the rate, else 0, where u is word i mod 4 of block (counter + i / 4) as a number in [0, 1), as <c>RandomSource.NextSingle</c> makes it.</para>
/// <para>Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting", in the inverted form.</para>
/// </remarks>
internal static unsafe class DropoutKernel
{
    private const int TileWords = 1024;

    /// <summary>y = the kept part of x; y may be x.</summary>
    public static void Forward(float* x, float* y, nint n, float rate, ulong key, ulong counter) => Apply(x, y, n, rate, key, counter, false);

    /// <summary>dx (+)= the kept part of dy; dx may be dy.</summary>
    public static void Backward(float* dy, float* dx, nint n, float rate, ulong key, ulong counter, bool add) => Apply(dy, dx, n, rate, key, counter, add);

    // Ranges start at multiples of the chunk size, so never inside a block.
    private static void Apply(float* x, float* y, nint n, float rate, ulong key, ulong counter, bool add) =>
        Launch.Range(new Kernel { X = x, Y = y, Threshold = rate * (1 << 24), Factor = rate < 1 ? 1 / (1 - rate) : 0, Key = key, Counter = counter, Add = add }, n);

    private struct Kernel : IRangeKernel
    {
        public float* X;
        public float* Y;
        public ulong Key;
        public ulong Counter;
        public float Threshold;
        public float Factor;
        public bool Add;

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            uint* words = stackalloc uint[TileWords];
            TV threshold = TV.Create(Threshold), factor = TV.Create(Factor), bits24 = TV.CreateBits(0xFFFFFF);
            for (nint tile = begin; tile < end; tile += TileWords)
            {
                nint count = Math.Min(TileWords, end - tile);
                Philox.Fill(Key, Counter + (ulong)(tile / 4), (count + 3) / 4, words);
                float* x = X + tile, y = Y + tile;
                for (nint i = 0; i < count; i += TV.Count)
                {
                    nint n = Math.Min(TV.Count, count - i);
                    TV u = TV.ToSingle(TV.ShiftRightLogical(TV.Load((float*)(words + i)), 8) & bits24);

                    // A product, so that a NaN stays one even where it is dropped.
                    TV v = TV.LoadPartial(x + i, n) * (TV.GreaterOrEqual(u, threshold) & factor);
                    TV.StorePartial(y + i, n, Add ? TV.LoadPartial(y + i, n) + v : v);
                }
            }
        }
    }
}
