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
            ResampleKernels.Forward(geometry.Rows, geometry.Columns, x.Data, y.Data, shape[0], shape[1], geometry.Outside);
        }

        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        ResampleGeometry geometry = (ResampleGeometry)y.State.Object!;
        float* dx = tape.GradientOf(y.A!, out bool add);
        ResampleKernels.Backward(geometry.Rows, geometry.Columns, y.Gradient, dx, add, y.Shape[0], y.Shape[1]);
    }
}
