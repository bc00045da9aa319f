using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Resizing and padding of images whose channels come last: every output is a weighted sum of a few inputs, along height and width apart.</summary>
internal static unsafe class ResampleKernels
{
    /// <summary>y = the weighted sums, and the constant where an output lies outside.</summary>
    public static void Forward(in ResampleTables tables, float* x, float* y, nint batch, float outside) => Launch.Rows(
        new ForwardKernel { From = x, To = y, Tables = tables, Outside = outside },
        batch * tables.NewHeight,
        tables.NewWidth * tables.Channels * tables.RowTaps * tables.ColumnTaps);

    /// <summary>dx (+)= the outputs' gradients, weighted alike.</summary>
    public static void Backward(in ResampleTables tables, float* dy, float* dx, bool add, nint batch) => Launch.Rows(
        new BackwardKernel { From = dy, To = dx, Tables = tables, Add = add },
        batch,
        tables.NewHeight * tables.NewWidth * tables.Channels);

    private struct ForwardKernel : IRangeKernel
    {
        public float* From;
        public float* To;
        public ResampleTables Tables;
        public float Outside;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Tables.Channels;
            TV outside = TV.Create(Outside);
            for (nint unit = begin; unit < end; unit++)
            {
                int* rows = Tables.RowPlaces + (unit % Tables.NewHeight * Tables.RowTaps);
                float* rowWeights = Tables.RowWeights + (unit % Tables.NewHeight * Tables.RowTaps), image = From + (unit / Tables.NewHeight * Tables.Height * Tables.Width * channels);
                float* y = To + (unit * Tables.NewWidth * channels);
                for (nint v = 0; v < Tables.NewWidth; v++, y += channels)
                {
                    int* columns = Tables.ColumnPlaces + (v * Tables.ColumnTaps);
                    float* columnWeights = Tables.ColumnWeights + (v * Tables.ColumnTaps);
                    bool single = Tables.RowTaps * Tables.ColumnTaps == 1, inside = rows[0] >= 0 && columns[0] >= 0;
                    for (nint c = 0; c < channels; c += TV.Count)
                    {
                        nint n = Math.Min(TV.Count, channels - c);
                        if (single)
                        {
                            TV.StorePartial(y + c, n, inside ? TV.LoadPartial(image + (((rows[0] * Tables.Width) + columns[0]) * channels) + c, n) : outside);
                            continue;
                        }

                        TV sum = TV.Create(0f);
                        for (int i = 0; i < Tables.RowTaps; i++)
                        {
                            float* row = image + (rows[i] * Tables.Width * channels) + c;
                            for (int j = 0; j < Tables.ColumnTaps; j++)
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
        public ResampleTables Tables;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint channels = Tables.Channels, size = Tables.Height * Tables.Width * channels;
            float* dy = From + (begin * Tables.NewHeight * Tables.NewWidth * channels);
            for (nint unit = begin; unit < end; unit++)
            {
                float* image = To + (unit * size);
                if (!Add)
                {
                    new Span<float>(image, (int)size).Clear();
                }

                for (nint u = 0; u < Tables.NewHeight; u++)
                {
                    for (nint v = 0; v < Tables.NewWidth; v++, dy += channels)
                    {
                        for (int tap = 0; tap < Tables.RowTaps * Tables.ColumnTaps; tap++)
                        {
                            nint i = (u * Tables.RowTaps) + (tap / Tables.ColumnTaps), j = (v * Tables.ColumnTaps) + (tap % Tables.ColumnTaps);
                            if (Tables.RowPlaces[i] < 0 || Tables.ColumnPlaces[j] < 0)
                            {
                                continue;
                            }

                            float* dx = image + (((Tables.RowPlaces[i] * Tables.Width) + Tables.ColumnPlaces[j]) * channels);
                            TV weight = TV.Create(Tables.RowWeights[i] * Tables.ColumnWeights[j]);
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
