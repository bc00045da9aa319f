using Pondus.Kernels;

namespace Pondus;

/// <summary>A convolution, or a transposed one, with its bias and the ReLU behind it, in one node.</summary>
/// <remarks>A transposed convolution runs the same three kernels with the roles of its input and output exchanged.</remarks>
internal sealed unsafe class ConvolutionOperation : Operation
{
    private static readonly ConvolutionOperation s_instance = new();

    /// <summary>Computes the layer; the caller has checked the shape of x.</summary>
    public static Tensor Apply(Tensor input, Parameter weight, Parameter? bias, ConvolutionSettings settings, bool relu)
    {
        Node x = input.UseChannelsLast(), w = weight.Node;
        Node? b = bias?.Node;
        Node y = Tape.Result(settings.OutputShape(x.Shape), s_instance, x, w, b);
        y.ChannelsLast = true;
        y.State.I0 = relu ? 1 : 0;
        y.State.Object = settings;
        ConvGeometry g = settings.Geometry(x.Shape, y.Shape);
        float* biasData = b is null ? null : b.Data;
        if (settings.Transposed)
        {
            ConvBackwardData.Run(in g, x.Data, w.Data, y.Data, add: false);
            LinearKernels.BiasActivation(y.Data, biasData, Places(y), settings.OutChannels, relu ? UnaryKind.Relu : null);
        }
        else
        {
            ConvForward.Run(in g, x.Data, w.Data, biasData, relu, y.Data);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!, w = y.B!;
        Node? b = y.C;
        ConvolutionSettings settings = (ConvolutionSettings)y.State.Object!;
        ConvGeometry g = settings.Geometry(x.Shape, y.Shape);
        float* dy = y.Gradient;

        // The buffer of dy is this node's own and is given back after this call, so ReLU may mask it in place.
        bool wantsBias = b is not null && b.NeedsGradient, addBias = false;
        float* db = wantsBias ? tape.GradientOf(b!, out addBias) : null;
        if (y.State.I0 != 0 || wantsBias)
        {
            LinearKernels.MaskAndSumColumns(dy, y.State.I0 != 0 ? y.Data : null, Places(y), settings.OutChannels, db, addBias);
        }

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

        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(b);
    }

    private static nint Places(Node y) => (nint)y.Shape[0] * y.Shape.Product(2, y.Shape.Rank);
}
