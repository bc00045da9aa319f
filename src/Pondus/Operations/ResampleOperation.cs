using Pondus.Kernels;

namespace Pondus;

/// <summary>Resizes or pads images (N, C, H, W) or signals (N, C, L) by tables of places and weights.</summary>
internal sealed unsafe class ResampleOperation : Operation
{
    private static readonly ResampleOperation s_instance = new();

    /// <summary>Computes the output; the caller has checked the axes and keeps the geometry.</summary>
    public static Tensor Apply(Tensor input, ResampleGeometry geometry)
    {
        Node x = input.UseChannelsLast();
        Shape shape = x.Shape.With(x.Shape.Rank - 1, geometry.Columns.Output);
        Node y = Tape.Result(shape.Rank == 4 ? shape.With(2, geometry.Rows.Output) : shape, s_instance, x);
        y.ChannelsLast = true;
        y.State.Object = geometry;
        if (y.Count > 0)
        {
            Run(geometry, x.Data, y.Data, shape[0], shape[1], backward: false, add: false);
        }

        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        ResampleGeometry geometry = (ResampleGeometry)y.State.Object!;
        float* dx = tape.GradientOf(y.A!, out bool add);
        Run(geometry, y.Gradient, dx, y.Shape[0], y.Shape[1], backward: true, add);
    }

    private static void Run(ResampleGeometry geometry, float* from, float* to, int batch, int channels, bool backward, bool add)
    {
        ResampleAxis rows = geometry.Rows, columns = geometry.Columns;
        fixed (int* rowPlaces = rows.Places, columnPlaces = columns.Places)
        {
            fixed (float* rowWeights = rows.Weights, columnWeights = columns.Weights)
            {
                ResampleTables tables = new()
                {
                    Channels = channels,
                    Height = rows.Input,
                    Width = columns.Input,
                    NewHeight = rows.Output,
                    NewWidth = columns.Output,
                    RowTaps = rows.Taps,
                    ColumnTaps = columns.Taps,
                    RowPlaces = rowPlaces,
                    ColumnPlaces = columnPlaces,
                    RowWeights = rowWeights,
                    ColumnWeights = columnWeights,
                };
                if (backward)
                {
                    ResampleKernels.Backward(tables, from, to, add, batch);
                }
                else
                {
                    ResampleKernels.Forward(tables, from, to, batch, geometry.Outside);
                }
            }
        }
    }
}
