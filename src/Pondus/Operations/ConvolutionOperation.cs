using Pondus.Kernels;

namespace Pondus;

/// <summary>A convolution, or a transposed one, with its bias, the ReLU and the 2 x 2 max pooling behind it, in one node.</summary>
/// <remarks>
/// <para>A transposed convolution runs the same three kernels with the roles of its input and output exchanged.</para>
/// <para>With pooling, the output before it exists in the cache alone; the backward pass knows which place won.</para>
/// </remarks>
internal sealed unsafe class ConvolutionOperation : Operation
{
    private static readonly ConvolutionOperation s_instance = new();
    private static readonly long[] s_twoByTwo = [2, 2];

    /// <summary>Computes the layer; the caller has checked the shape of x, and that what is pooled can be.</summary>
    public static Tensor Apply(Tensor input, Parameter weight, Parameter? bias, ConvolutionSettings settings, PackedConvolution? packed, bool relu, bool pooled)
    {
        Node x = input.UseChannelsLast(), w = weight.Node;
        Node? b = bias?.Node;
        Shape whole = settings.OutputShape(x.Shape);
        Node y = Tape.Result(pooled ? Pooled(whole) : whole, s_instance, x, w, b);
        y.ChannelsLast = true;
        y.State.I0 = relu ? 1 : 0;
        y.State.Object = settings;
        y.State.Saved = pooled && y.NeedsGradient ? Tape.Scratch(y.Count, out _) : null;
        ConvGeometry g = settings.Geometry(x.Shape, whole);
        ConvOutput output = new() { Bias = b is null ? null : b.Data, Relu = relu, Pooled = pooled, Winners = y.State.Saved, Y = y.Data };
        if (packed is not null)
        {
            ConvForward.RunPacked(in g, x.Data, packed.Data, in output);
        }
        else if (pooled)
        {
            ConvForward.RunTiles(in g, x.Data, w.Data, in output);
        }
        else if (settings.Transposed)
        {
            ConvBackwardData.Run(in g, x.Data, w.Data, y.Data, add: false);
            LinearKernels.BiasActivation(y.Data, output.Bias, Places(y), settings.OutChannels, relu);
        }
        else
        {
            ConvForward.Run(in g, x.Data, w.Data, output.Bias, relu, y.Data);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        GC.KeepAlive(packed);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        ConvolutionSettings s = (ConvolutionSettings)result.State.Object!;
        List<string> inputs = [sketch.Of(result.A!), sketch.Of(result.B!)];
        if (result.C is { } bias)
        {
            inputs.Add(sketch.Of(bias));
        }

        List<SketchAttribute> attributes =
        [
            new("kernel_shape", Sides(s, s.Kernel)),
            new("strides", Sides(s, s.Stride)),
            new("dilations", Sides(s, s.Dilation)),
            new("group", (long)s.Groups),
            new("pads", Sides(s, s.PadBefore).Concat(Sides(s, s.PadAfter)).ToArray()),
        ];
        if (s.Transposed)
        {
            attributes.Add(new("output_padding", Sides(s, s.OutputPadding)));
        }

        string y = sketch.Emit(s.Transposed ? "ConvTranspose" : "Conv", [.. inputs], [.. attributes]);
        y = result.State.I0 != 0 ? sketch.Emit("Relu", y) : y;
        return result.State.Saved == null ? y : sketch.Emit("MaxPool", [y], [new("kernel_shape", s_twoByTwo), new("strides", s_twoByTwo)]);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!, w = y.B!;
        Node? b = y.C;
        ConvolutionSettings settings = (ConvolutionSettings)y.State.Object!;
        float* dy = y.Gradient;

        // The buffer of dy is this node's own and is given back after this call, so ReLU may mask it in place.
        // The largest of a window is above 0 where its gradient passes, so the pooled values are mask enough.
        bool wantsBias = b is not null && b.NeedsGradient, addBias = false;
        float* db = wantsBias ? tape.GradientOf(b!, out addBias) : null;
        if (y.State.I0 != 0 || wantsBias)
        {
            LinearKernels.MaskAndSumColumns(dy, y.State.I0 != 0 ? y.Data : null, Places(y), settings.OutChannels, db, addBias);
        }

        if (y.State.Saved == null)
        {
            BackwardConvolution(tape, x, w, settings, settings.Geometry(x.Shape, y.Shape), dy);
        }
        else if (w.NeedsGradient || x.NeedsGradient)
        {
            Shape whole = settings.OutputShape(x.Shape);
            float* spread = tape.Rent(whole.Count);
            ConvPool.Backward(dy, y.State.Saved, spread, whole[0], whole[2], whole[3], whole[1]);
            BackwardConvolution(tape, x, w, settings, settings.Geometry(x.Shape, whole), spread);
            tape.Return(spread, whole.Count);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
    }

    private static void BackwardConvolution(Tape tape, Node x, Node w, ConvolutionSettings settings, in ConvGeometry g, float* dy)
    {
        if (w.NeedsGradient)
        {
            float* dw = tape.GradientOf(w, out bool add);
            ConvWeightGradient.Run(in g, settings.Transposed ? dy : x.Data, settings.Transposed ? x.Data : dy, dw, add);
        }

        if (x.NeedsGradient)
        {
            float* dx = tape.GradientOf(x, out bool add);
            if (settings.Transposed)
            {
                ConvForward.Run(in g, dy, w.Data, null, relu: false, dx, add);
            }
            else
            {
                ConvBackwardData.Run(in g, dy, w.Data, dx, add);
            }
        }
    }

    private static long[] Sides(ConvolutionSettings settings, (int Y, int X) pair) => settings.Axes == 1 ? [pair.X] : [pair.Y, pair.X];

    private static Shape Pooled(in Shape whole) => [whole[0], whole[1], whole[2] / 2, whole[3] / 2];

    private static nint Places(Node y) => (nint)y.Shape[0] * y.Shape.Product(2, y.Shape.Rank);
}
