using Pondus.Kernels;

namespace Pondus;

/// <summary>The largest value or the mean of each window of images (N, C, H, W) or signals (N, C, L).</summary>
internal sealed unsafe class PoolOperation : Operation
{
    private static readonly PoolOperation s_max = new(), s_average = new();

    /// <summary>Pools; the caller has checked the axes and keeps the plan.</summary>
    public static Tensor Apply(Tensor input, PoolPlan plan, bool average, bool countPadding)
    {
        PoolGeometry geometry = plan.Geometry;
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

    public override string Describe(GraphSketch sketch, Node result)
    {
        PoolGeometry geometry = (PoolGeometry)result.State.Object!;
        PoolAxis[] axes = result.Shape.Rank == 4 ? [geometry.Y, geometry.X] : [geometry.X];
        if (Array.Exists(axes, static a => a.Kernel == 0 && a.Input % a.Output != 0))
        {
            throw new NotSupportedException("pooling over windows of different sizes");
        }

        // Windows that are spread evenly are windows side by side here. The padding behind is what the last window reaches over.
        long[] kernel = Array.ConvertAll(axes, static a => (long)(a.Kernel == 0 ? a.Input / a.Output : a.Kernel));
        long[] stride = Array.ConvertAll(axes, static a => (long)(a.Kernel == 0 ? a.Input / a.Output : a.Stride));
        long[] before = Array.ConvertAll(axes, static a => (long)a.Padding);
        long[] behind = [.. axes.Select((a, i) => Math.Max(0, ((a.Output - 1) * stride[i]) + (a.Dilation * (kernel[i] - 1)) + 1 - a.Input - a.Padding))];
        List<SketchAttribute> attributes = [new("kernel_shape", kernel), new("strides", stride), new("pads", before.Concat(behind).ToArray())];
        if (this == s_max)
        {
            attributes.Add(new("dilations", Array.ConvertAll(axes, static a => (long)a.Dilation)));
            return sketch.Emit("MaxPool", [sketch.Of(result.A!)], [.. attributes]);
        }

        if (result.State.I0 != 0 && axes.Select((a, i) => behind[i] > a.Padding).Any(static reaches => reaches))
        {
            throw new NotSupportedException("average pooling whose last window reaches beyond the padding");
        }

        attributes.Add(new("count_include_pad", (long)result.State.I0));
        return sketch.Emit("AveragePool", [sketch.Of(result.A!)], [.. attributes]);
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
