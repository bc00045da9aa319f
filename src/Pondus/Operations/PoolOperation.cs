using Pondus.Kernels;

namespace Pondus;

/// <summary>The largest value or the mean of each window of images (N, C, H, W) or signals (N, C, L).</summary>
internal sealed unsafe class PoolOperation : Operation
{
    private static readonly PoolOperation s_max = new(), s_average = new();

    /// <summary>Pools; the caller has checked the axes and keeps the geometry.</summary>
    public static Tensor Apply(Tensor input, PoolGeometry geometry, bool average, bool countPadding)
    {
        Node x = input.UseChannelsLast();
        Shape shape = x.Shape.With(x.Shape.Rank - 1, geometry.X.Output);
        Node y = Tape.Result(shape.Rank == 4 ? shape.With(2, geometry.Y.Output) : shape, average ? s_average : s_max, x);
        y.ChannelsLast = true;
        y.State.Object = geometry;
        y.State.I0 = countPadding ? 1 : 0;
        if (y.Count > 0)
        {
            if (average)
            {
                AveragePoolKernels.Forward(geometry, x.Data, y.Data, shape[0], shape[1], countPadding);
            }
            else
            {
                MaxPoolKernels.Forward(geometry, x.Data, y.Data, shape[0], shape[1]);
            }
        }

        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        PoolGeometry geometry = (PoolGeometry)y.State.Object!;
        float* dx = tape.GradientOf(x, out bool add);
        if (this == s_average)
        {
            AveragePoolKernels.Backward(geometry, y.Gradient, dx, add, y.Shape[0], y.Shape[1], y.State.I0 != 0);
        }
        else
        {
            MaxPoolKernels.Backward(geometry, x.Data, y.Data, y.Gradient, dx, add, y.Shape[0], y.Shape[1]);
        }

        GC.KeepAlive(x);
    }
}
