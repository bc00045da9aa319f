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

    public override string Describe(GraphSketch sketch, Node result)
    {
        ResampleGeometry geometry = (ResampleGeometry)result.State.Object!;
        string y = sketch.Of(result.A!);
        int rank = result.Shape.Rank;
        y = rank == 4 ? Describe(sketch, geometry.Rows, y, 2, rank, geometry.Outside) : y;
        return Describe(sketch, geometry.Columns, y, rank - 1, rank, geometry.Outside);
    }

    // One axis: padding where a run of the input has constants around it, places where each output is one of them, else a product with the weights.
    private static string Describe(GraphSketch sketch, ResampleAxis axis, string x, int at, int rank, float outside)
    {
        int[] places = axis.Places;
        bool isChoice = axis.Taps == 1 && axis.Weights.All(static w => w == 1f);
        if (isChoice && places.SequenceEqual(Enumerable.Range(0, axis.Input)))
        {
            return x;
        }

        int before = isChoice ? Array.FindIndex(places, static p => p >= 0) : 0;
        if (isChoice && axis.Output >= axis.Input + before && places.AsSpan(before, axis.Input).SequenceEqual(Enumerable.Range(0, axis.Input).ToArray()) && places.Count(static p => p >= 0) == axis.Input)
        {
            long[] pads = new long[2 * rank];
            pads[at] = before;
            pads[rank + at] = axis.Output - axis.Input - before;
            return sketch.Emit("Pad", [x, sketch.Integers(pads), sketch.Number(outside)]);
        }

        if (isChoice && places.All(static p => p >= 0))
        {
            return sketch.Emit("Gather", [x, sketch.Integers(Array.ConvertAll(places, static p => (long)p))], [new("axis", (long)at)]);
        }

        if (outside != 0f)
        {
            throw new NotSupportedException("padding that cuts off a part of the input");
        }

        bool isLast = at == rank - 1;
        float[] matrix = new float[axis.Output * axis.Input];
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0)
            {
                int output = i / axis.Taps, input = places[i];
                matrix[isLast ? (input * axis.Output) + output : (output * axis.Input) + input] += axis.Weights[i];
            }
        }

        string weights = sketch.Constant(matrix, isLast ? [axis.Input, axis.Output] : [axis.Output, axis.Input]);
        return sketch.Emit("MatMul", isLast ? [x, weights] : [weights, x]);
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
