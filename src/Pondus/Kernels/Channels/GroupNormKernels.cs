namespace Pondus.Kernels;

/// <summary>Group normalization of images whose channels come last: statistics of each sample over groups of channels and all places.</summary>
/// <remarks>A sample is a unit of work: it is still in the core's cache when its statistics are known and it is read again.</remarks>
internal static unsafe class GroupNormKernels
{
    // Rows whose numbers are added in single precision before they go to a sum of their own.
    private const nint BlockRows = 256;

    /// <summary>y = f((x - mean) / deviation weight + bias); weight and bias may be null. Statistics receives mean and 1 / deviation of each sample and group.</summary>
    public static void Forward(float* x, float* weight, float* bias, float* y, float* statistics, in GroupSizes sizes, float epsilon, bool silu)
    {
        if (silu)
        {
            Launch.Rows(new ForwardKernel<SiluOperator> { X = x, Weight = weight, Bias = bias, Y = y, Statistics = statistics, Sizes = sizes, Epsilon = epsilon }, sizes.Batch, sizes.Places * sizes.Channels);
        }
        else
        {
            Launch.Rows(new ForwardKernel<IdentityOperator> { X = x, Weight = weight, Bias = bias, Y = y, Statistics = statistics, Sizes = sizes, Epsilon = epsilon }, sizes.Batch, sizes.Places * sizes.Channels);
        }
    }

    /// <summary>dx (+)= the gradient; dy is overwritten where f is not the identity. Partials receives each sample's gradients of the weight, then those of the bias.</summary>
    public static void Backward(float* x, float* weight, float* bias, float* statistics, float* dy, float* dx, bool add, float* partials, in GroupSizes sizes, bool silu)
    {
        if (silu)
        {
            Launch.Rows(new BackwardKernel<SiluOperator> { X = x, Weight = weight, Bias = bias, Statistics = statistics, Dy = dy, Kept = dy, Dx = dx, Add = add, Partials = partials, Sizes = sizes }, sizes.Batch, sizes.Places * sizes.Channels);
        }
        else
        {
            Launch.Rows(new BackwardKernel<IdentityOperator> { X = x, Weight = weight, Bias = bias, Statistics = statistics, Dy = dy, Dx = dx, Add = add, Partials = partials, Sizes = sizes }, sizes.Batch, sizes.Places * sizes.Channels);
        }
    }

    // Each column's share of a sum over its group; a wide row holds the channels several times.
    private static double SumOfGroup(float* columns, in ChannelFold fold, nint first, nint count, float* weight)
    {
        double sum = 0;
        for (nint i = first; i < fold.Width; i += fold.Channels)
        {
            for (nint c = 0; c < count; c++)
            {
                sum += weight == null ? columns[i + c] : (double)columns[i + c] * weight[first + c];
            }
        }

        return sum;
    }

    private static void SpreadParameters(in ChannelNumbers numbers, in ChannelFold fold, in GroupSizes sizes, float* weight, float* bias, float* statistics)
    {
        nint size = sizes.Channels / sizes.Groups;
        for (nint g = 0; g < sizes.Groups; g++)
        {
            for (nint c = g * size; c < (g + 1) * size; c++)
            {
                numbers.Mean[c] = statistics[2 * g];
                numbers.Scale[c] = (weight == null ? 1f : weight[c]) * statistics[(2 * g) + 1];
                numbers.Shift[c] = bias == null ? 0f : bias[c];
            }
        }

        Repeat(numbers.Mean, fold);
        Repeat(numbers.Scale, fold);
        Repeat(numbers.Shift, fold);
    }

    private static void Repeat(float* columns, in ChannelFold fold)
    {
        for (nint i = fold.Channels; i < fold.Width; i += fold.Channels)
        {
            new Span<float>(columns, (int)fold.Channels).CopyTo(new Span<float>(columns + i, (int)fold.Channels));
        }
    }

    private struct ForwardKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Weight;
        public float* Bias;
        public float* Y;
        public float* Statistics;
        public GroupSizes Sizes;
        public float Epsilon;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            ChannelFold fold = new(Sizes.Places, Sizes.Channels);
            nint width = fold.Width, sample = Sizes.Places * Sizes.Channels, size = Sizes.Channels / Sizes.Groups, tail = fold.Rows * width;
            float* memory = Scratch.Panels(ChannelNumbers.Room(width) + width), sums = memory + ChannelNumbers.Room(width);
            ChannelNumbers numbers = ChannelNumbers.At(memory, width);
            double share = 1.0 / (Sizes.Places * size);
            for (nint n = begin; n < end; n++)
            {
                float* x = X + (n * sample), y = Y + (n * sample), statistics = Statistics + (2 * n * Sizes.Groups);
                new Span<float>(sums, (int)width).Clear();
                for (nint r = 0; r < fold.Rows; r += BlockRows)
                {
                    ChannelPass.Sums<TV>(x + (r * width), Math.Min(BlockRows, fold.Rows - r), width, width, sums);
                }

                ChannelPass.Sums<TV>(x + tail, 1, width, fold.Rest, sums);
                for (nint g = 0; g < Sizes.Groups; g++)
                {
                    float mean = (float)(SumOfGroup(sums, fold, g * size, size, null) * share);
                    statistics[2 * g] = mean;
                    new Span<float>(numbers.Mean + (g * size), (int)size).Fill(mean);
                }

                Repeat(numbers.Mean, fold);
                new Span<float>(sums, (int)width).Clear();
                for (nint r = 0; r < fold.Rows; r += BlockRows)
                {
                    ChannelPass.Squares<TV>(x + (r * width), Math.Min(BlockRows, fold.Rows - r), width, width, numbers.Mean, sums);
                }

                ChannelPass.Squares<TV>(x + tail, 1, width, fold.Rest, numbers.Mean, sums);
                for (nint g = 0; g < Sizes.Groups; g++)
                {
                    statistics[(2 * g) + 1] = (float)(1 / Math.Sqrt((SumOfGroup(sums, fold, g * size, size, null) * share) + Epsilon));
                }

                SpreadParameters(numbers, fold, Sizes, Weight, Bias, statistics);
                ChannelPass.Normalize<TOperator, TV>(x, null, y, fold.Rows, width, width, numbers);
                ChannelPass.Normalize<TOperator, TV>(x + tail, null, y + tail, 1, width, fold.Rest, numbers);
            }
        }
    }

    private struct BackwardKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Weight;
        public float* Bias;
        public float* Statistics;
        public float* Dy;
        public float* Kept;
        public float* Dx;
        public float* Partials;
        public GroupSizes Sizes;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            ChannelFold fold = new(Sizes.Places, Sizes.Channels);
            nint width = fold.Width, channels = Sizes.Channels, sample = Sizes.Places * channels, size = channels / Sizes.Groups, tail = fold.Rows * width;
            float* memory = Scratch.Panels(ChannelNumbers.Room(width) + (2 * width)), sums = memory + ChannelNumbers.Room(width), products = sums + width;
            ChannelNumbers numbers = ChannelNumbers.At(memory, width);
            double share = 1.0 / (Sizes.Places * size);
            for (nint n = begin; n < end; n++)
            {
                float* x = X + (n * sample), dy = Dy + (n * sample), kept = Kept == null ? null : Kept + (n * sample), statistics = Statistics + (2 * n * Sizes.Groups);
                SpreadParameters(numbers, fold, Sizes, Weight, Bias, statistics);
                new Span<float>(sums, (int)(2 * width)).Clear();
                for (nint r = 0; r < fold.Rows; r += BlockRows)
                {
                    nint at = r * width;
                    ChannelPass.GradientSums<TOperator, TV>(x + at, null, dy + at, kept == null ? null : kept + at, Math.Min(BlockRows, fold.Rows - r), width, width, numbers, sums, products);
                }

                ChannelPass.GradientSums<TOperator, TV>(x + tail, null, dy + tail, kept == null ? null : kept + tail, 1, width, fold.Rest, numbers, sums, products);
                Coefficients(numbers, fold, statistics, sums, products, n, share);
                if (Dx != null)
                {
                    float* dx = Dx + (n * sample);
                    ChannelPass.InputGradient<IdentityOperator, TV>(x, dy, dx, Add, fold.Rows, width, width, numbers);
                    ChannelPass.InputGradient<IdentityOperator, TV>(x + tail, dy + tail, dx + tail, Add, 1, width, fold.Rest, numbers);
                }
            }
        }

        private readonly void Coefficients(in ChannelNumbers numbers, in ChannelFold fold, float* statistics, float* sums, float* products, nint sample, double share)
        {
            nint channels = Sizes.Channels, size = channels / Sizes.Groups;
            for (nint g = 0; g < Sizes.Groups; g++)
            {
                double inverse = statistics[(2 * g) + 1];
                float constant = (float)(-inverse * share * SumOfGroup(sums, fold, g * size, size, Weight));
                float slope = (float)(-inverse * inverse * inverse * share * SumOfGroup(products, fold, g * size, size, Weight));
                new Span<float>(numbers.Constant + (g * size), (int)size).Fill(constant);
                new Span<float>(numbers.Slope + (g * size), (int)size).Fill(slope);
                for (nint c = g * size; Partials != null && c < (g + 1) * size; c++)
                {
                    double sum = 0, product = 0;
                    for (nint i = c; i < fold.Width; i += channels)
                    {
                        sum += sums[i];
                        product += products[i];
                    }

                    Partials[(sample * channels) + c] = (float)(product * inverse);
                    Partials[((Sizes.Batch + sample) * channels) + c] = (float)sum;
                }
            }

            Repeat(numbers.Constant, fold);
            Repeat(numbers.Slope, fold);
        }
    }
}
