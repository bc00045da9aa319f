using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Resizing and padding of images whose channels come last: every output is a weighted sum of a few inputs, along height and width apart.</summary>
internal static unsafe class ResampleKernels
{
    /// <summary>y = the weighted sums, and the constant where an output lies outside.</summary>
    public static void Forward(ResampleAxis rows, ResampleAxis columns, float* x, float* y, nint batch, nint channels, float outside)
    {
        fixed (int* rowPlaces = rows.Places, columnPlaces = columns.Places)
        {
            fixed (float* rowWeights = rows.Weights, columnWeights = columns.Weights)
            {
                ForwardKernel kernel = new()
                {
                    From = x,
                    To = y,
                    Axes = new Axes(rows, columns, rowPlaces, columnPlaces, rowWeights, columnWeights, channels),
                    Outside = outside,
                };
                Launch.Rows(kernel, batch * rows.Output, columns.Output * channels * rows.Taps * columns.Taps);
            }
        }
    }

    /// <summary>dx (+)= the outputs' gradients, weighted alike.</summary>
    public static void Backward(ResampleAxis rows, ResampleAxis columns, float* dy, float* dx, bool add, nint batch, nint channels)
    {
        fixed (int* rowPlaces = rows.Places, columnPlaces = columns.Places)
        {
            fixed (float* rowWeights = rows.Weights, columnWeights = columns.Weights)
            {
                BackwardKernel kernel = new()
                {
                    From = dy,
                    To = dx,
                    Axes = new Axes(rows, columns, rowPlaces, columnPlaces, rowWeights, columnWeights, channels),
                    Add = add,
                };
                Launch.Rows(kernel, batch, (nint)rows.Output * columns.Output * channels);
            }
        }
    }

    // The tables, pinned by the caller while the kernel runs.
    private readonly struct Axes(ResampleAxis rows, ResampleAxis columns, int* rowPlaces, int* columnPlaces, float* rowWeights, float* columnWeights, nint channels)
    {
        public readonly nint Channels = channels;
        public readonly nint Height = rows.Input;
        public readonly nint Width = columns.Input;
        public readonly nint NewHeight = rows.Output;
        public readonly nint NewWidth = columns.Output;
        public readonly int RowTaps = rows.Taps;
        public readonly int ColumnTaps = columns.Taps;
        public readonly int* RowPlaces = rowPlaces;
        public readonly int* ColumnPlaces = columnPlaces;
        public readonly float* RowWeights = rowWeights;
        public readonly float* ColumnWeights = columnWeights;
    }

    private struct ForwardKernel : IRangeKernel
    {
        public float* From;
        public float* To;
        public Axes Axes;
        public float Outside;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Axes.Channels;
            TV outside = TV.Create(Outside);
            for (nint unit = begin; unit < end; unit++)
            {
                int* rows = Axes.RowPlaces + (unit % Axes.NewHeight * Axes.RowTaps);
                float* rowWeights = Axes.RowWeights + (unit % Axes.NewHeight * Axes.RowTaps), image = From + (unit / Axes.NewHeight * Axes.Height * Axes.Width * channels);
                float* y = To + (unit * Axes.NewWidth * channels);
                for (nint v = 0; v < Axes.NewWidth; v++, y += channels)
                {
                    int* columns = Axes.ColumnPlaces + (v * Axes.ColumnTaps);
                    float* columnWeights = Axes.ColumnWeights + (v * Axes.ColumnTaps);
                    bool single = Axes.RowTaps * Axes.ColumnTaps == 1, inside = rows[0] >= 0 && columns[0] >= 0;
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        if (single)
                        {
                            TV.StorePartial(y + c, n, inside ? TV.LoadPartial(image + (((rows[0] * Axes.Width) + columns[0]) * channels) + c, n) : outside);
                            continue;
                        }

                        TV sum = TV.Create(0f);
                        for (int i = 0; i < Axes.RowTaps; i++)
                        {
                            float* row = image + (rows[i] * Axes.Width * channels) + c;
                            for (int j = 0; j < Axes.ColumnTaps; j++)
                            {
                                sum = TV.Fma(TV.LoadPartial(row + (columns[j] * channels), n), TV.Create(rowWeights[i] * columnWeights[j]), sum);
                            }
                        }

                        TV.StorePartial(y + c, n, sum);
                    }
                }
            }
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* From;
        public float* To;
        public Axes Axes;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Axes.Channels, size = Axes.Height * Axes.Width * channels;
            float* dy = From + (begin * Axes.NewHeight * Axes.NewWidth * channels);
            for (nint unit = begin; unit < end; unit++)
            {
                float* image = To + (unit * size);
                if (!Add)
                {
                    new Span<float>(image, (int)size).Clear();
                }

                for (nint u = 0; u < Axes.NewHeight; u++)
                {
                    for (nint v = 0; v < Axes.NewWidth; v++, dy += channels)
                    {
                        for (int tap = 0; tap < Axes.RowTaps * Axes.ColumnTaps; tap++)
                        {
                            nint i = (u * Axes.RowTaps) + (tap / Axes.ColumnTaps), j = (v * Axes.ColumnTaps) + (tap % Axes.ColumnTaps);
                            if (Axes.RowPlaces[i] < 0 || Axes.ColumnPlaces[j] < 0)
                            {
                                continue;
                            }

                            float* dx = image + (((Axes.RowPlaces[i] * Axes.Width) + Axes.ColumnPlaces[j]) * channels);
                            TV weight = TV.Create(Axes.RowWeights[i] * Axes.ColumnWeights[j]);
                            for (nint c = 0; c < channels; c += TV.Count)
                            {
                                nint n = Math.Min(TV.Count, channels - c);
                                TV.StorePartial(dx + c, n, TV.Fma(TV.LoadPartial(dy + c, n), weight, TV.LoadPartial(dx + c, n)));
                            }
                        }
                    }
                }
            }
        }
    }
}
