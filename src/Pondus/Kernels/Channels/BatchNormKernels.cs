namespace Pondus.Kernels;

/// <summary>Batch normalization of a matrix whose columns are channels.</summary>
/// <remarks>All passes cut the rows alike, so a row stays with the core that had it; the numbers of the parts are joined in order and in double.</remarks>
internal static unsafe class BatchNormKernels
{
    private const nint ChunkSize = 16384;
    private const nint FewestRows = 64;

    /// <summary>Mean and sum of squared deviations of each channel.</summary>
    /// <remarks>Each part has both about its own mean, so nothing cancels. Source: Chan, Golub and LeVeque 1979.</remarks>
    public static void Statistics(float* x, nint rows, nint channels, double* mean, double* squares)
    {
        ChannelFold fold = new(rows, channels);
        nint grain = Grain(fold), chunks = Chunks(fold);
        float* partials = PartialSums.Floats(2 * chunks * fold.Width);
        Launch.Chunks(new StatisticsKernel { X = x, Fold = fold, Grain = grain, Partials = partials }, fold.Rows, grain);
        new Span<double>(mean, (int)channels).Clear();
        new Span<double>(squares, (int)channels).Clear();
        if (rows == 0)
        {
            return;
        }

        double share = 1.0 / rows;
        for (nint i = 0; i < chunks; i++)
        {
            Join(fold, partials + (2 * i * fold.Width), Math.Min(grain, fold.Rows - (i * grain)), i == chunks - 1, share, mean, null);
        }

        for (nint i = 0; i < chunks; i++)
        {
            Join(fold, partials + (2 * i * fold.Width), Math.Min(grain, fold.Rows - (i * grain)), i == chunks - 1, 1, mean, squares);
        }
    }

    /// <summary>y = (x - mean) scale + shift, plus the addend unless it is null, through ReLU if that is wanted; numbers are one a channel.</summary>
    public static void Normalize(float* x, float* addend, float* y, nint rows, nint channels, in ChannelNumbers numbers, bool relu)
    {
        ChannelFold fold = new(rows, channels);
        ChannelNumbers wide = Spread(fold, numbers, gradient: false);
        if (relu)
        {
            Launch.Chunks(new NormalizeKernel<ReluOperator> { X = x, Addend = addend, Y = y, Fold = fold, Numbers = wide }, fold.Rows, Grain(fold));
        }
        else
        {
            Launch.Chunks(new NormalizeKernel<IdentityOperator> { X = x, Addend = addend, Y = y, Fold = fold, Numbers = wide }, fold.Rows, Grain(fold));
        }
    }

    /// <summary>For each channel the sum of g and that of g (x - mean), where g is dy, through ReLU if there is one.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Result, which tells where ReLU lets through; null where it can be computed from x.</param>
    /// <param name="dy">Gradient of the result; it becomes g where y is given.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Columns.</param>
    /// <param name="numbers">One a channel.</param>
    /// <param name="relu">Whether there is a ReLU.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="products">Receives the sums of products.</param>
    public static void GradientSums(float* x, float* y, float* dy, nint rows, nint channels, in ChannelNumbers numbers, bool relu, double* sums, double* products)
    {
        ChannelFold fold = new(rows, channels);
        nint grain = Grain(fold), chunks = Chunks(fold), width = fold.Width;
        float* memory = PartialSums.Floats(ChannelNumbers.Room(width) + (2 * chunks * width)), partials = memory + ChannelNumbers.Room(width);
        ChannelNumbers wide = Spread(fold, numbers, gradient: false);
        if (relu)
        {
            Launch.Chunks(new SumKernel<ReluOperator> { X = x, Y = y, Dy = dy, Fold = fold, Numbers = wide, Grain = grain, Partials = partials }, fold.Rows, grain);
        }
        else
        {
            Launch.Chunks(new SumKernel<IdentityOperator> { X = x, Dy = dy, Fold = fold, Numbers = wide, Grain = grain, Partials = partials }, fold.Rows, grain);
        }

        new Span<double>(sums, (int)channels).Clear();
        new Span<double>(products, (int)channels).Clear();
        for (nint i = 0; i < chunks * fold.Fold; i++)
        {
            float* s = partials + (i / fold.Fold * 2 * width) + (i % fold.Fold * channels), p = s + width;
            for (nint c = 0; c < channels; c++)
            {
                sums[c] += s[c];
                products[c] += p[c];
            }
        }
    }

    /// <summary>dx (+)= scale g + slope (x - mean) + constant, where g is dy, through the ReLU of a result computed anew if that is wanted.</summary>
    public static void InputGradient(float* x, float* dy, float* dx, bool add, nint rows, nint channels, in ChannelNumbers numbers, bool relu)
    {
        ChannelFold fold = new(rows, channels);
        ChannelNumbers wide = Spread(fold, numbers, gradient: true);
        if (relu)
        {
            Launch.Chunks(new InputKernel<ReluOperator> { X = x, Dy = dy, Dx = dx, Add = add, Fold = fold, Numbers = wide }, fold.Rows, Grain(fold));
        }
        else
        {
            Launch.Chunks(new InputKernel<IdentityOperator> { X = x, Dy = dy, Dx = dx, Add = add, Fold = fold, Numbers = wide }, fold.Rows, Grain(fold));
        }
    }

    private static nint Grain(in ChannelFold fold) => Math.Max(FewestRows, ChunkSize / fold.Width);

    private static nint Chunks(in ChannelFold fold) => Math.Max(1, (fold.Rows + Grain(fold) - 1) / Grain(fold));

    private static ChannelNumbers Spread(in ChannelFold fold, in ChannelNumbers numbers, bool gradient)
    {
        ChannelNumbers wide = ChannelNumbers.At(PartialSums.Floats(ChannelNumbers.Room(fold.Width)), fold.Width);
        fold.Spread(numbers.Mean, wide.Mean);
        fold.Spread(numbers.Scale, wide.Scale);
        fold.Spread(numbers.Shift, wide.Shift);
        if (gradient)
        {
            fold.Spread(numbers.Slope, wide.Slope);
            fold.Spread(numbers.Constant, wide.Constant);
        }

        return wide;
    }

    // Adds a chunk's share to the mean where squares is null, and else its squared deviations about the whole's mean.
    private static void Join(in ChannelFold fold, float* partial, nint rows, bool last, double share, double* mean, double* squares)
    {
        float* own = partial + fold.Width;
        for (nint j = 0; j < fold.Width; j += fold.Channels)
        {
            double count = rows + (last && j < fold.Rest ? 1 : 0);
            for (nint c = 0; c < fold.Channels; c++)
            {
                if (squares == null)
                {
                    mean[c] += count * share * partial[j + c];
                }
                else
                {
                    double difference = partial[j + c] - mean[c];
                    squares[c] += own[j + c] + (count * difference * difference);
                }
            }
        }
    }

    private struct StatisticsKernel : IRangeKernel
    {
        public float* X;
        public float* Partials;
        public ChannelFold Fold;
        public nint Grain;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint width = Fold.Width, rest = end == Fold.Rows ? Fold.Rest : 0;
            float* mean = Partials + (2 * (begin / Grain) * width), squares = mean + width, x = X + (begin * width), last = X + (end * width);
            new Span<float>(mean, (int)(2 * width)).Clear();
            ChannelPass.Sums<TV>(x, end - begin, width, width, mean);
            ChannelPass.Sums<TV>(last, rest > 0 ? 1 : 0, width, rest, mean);
            float one = end > begin ? 1f / (end - begin) : 0f, more = 1f / (end - begin + 1);
            for (nint j = 0; j < width; j++)
            {
                mean[j] *= j < rest ? more : one;
            }

            ChannelPass.Squares<TV>(x, end - begin, width, width, mean, squares);
            ChannelPass.Squares<TV>(last, rest > 0 ? 1 : 0, width, rest, mean, squares);
        }
    }

    private struct NormalizeKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Addend;
        public float* Y;
        public ChannelFold Fold;
        public ChannelNumbers Numbers;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint width = Fold.Width, from = begin * width, to = end * width;
            ChannelPass.Normalize<TOperator, TV>(X + from, Addend == null ? null : Addend + from, Y + from, end - begin, width, width, Numbers);
            if (end == Fold.Rows && Fold.Rest > 0)
            {
                ChannelPass.Normalize<TOperator, TV>(X + to, Addend == null ? null : Addend + to, Y + to, 1, width, Fold.Rest, Numbers);
            }
        }
    }

    private struct SumKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Y;
        public float* Dy;
        public float* Partials;
        public ChannelFold Fold;
        public ChannelNumbers Numbers;
        public nint Grain;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint width = Fold.Width, from = begin * width, to = end * width;
            float* sums = Partials + (2 * (begin / Grain) * width), products = sums + width, y = Y == null ? null : Y + from, kept = Y == null ? null : Dy + from;
            new Span<float>(sums, (int)(2 * width)).Clear();
            ChannelPass.GradientSums<TOperator, TV>(X + from, y, Dy + from, kept, end - begin, width, width, Numbers, sums, products);
            if (end == Fold.Rows && Fold.Rest > 0)
            {
                ChannelPass.GradientSums<TOperator, TV>(X + to, Y == null ? null : Y + to, Dy + to, Y == null ? null : Dy + to, 1, width, Fold.Rest, Numbers, sums, products);
            }
        }
    }

    private struct InputKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Dy;
        public float* Dx;
        public ChannelFold Fold;
        public ChannelNumbers Numbers;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint width = Fold.Width, from = begin * width, to = end * width;
            ChannelPass.InputGradient<TOperator, TV>(X + from, Dy + from, Dx + from, Add, end - begin, width, width, Numbers);
            if (end == Fold.Rows && Fold.Rest > 0)
            {
                ChannelPass.InputGradient<TOperator, TV>(X + to, Dy + to, Dx + to, Add, 1, width, Fold.Rest, Numbers);
            }
        }
    }
}
