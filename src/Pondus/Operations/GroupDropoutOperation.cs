using Pondus.Kernels;

namespace Pondus;

/// <summary>Dropout of whole channels or whole samples: y = x mask / (1 - rate), one draw each.</summary>
internal sealed unsafe class GroupDropoutOperation : Operation
{
    private static readonly GroupDropoutOperation s_instance = new();

    /// <summary>Drops; of x (N, C, ...) each channel of each sample, or of any x each entry of the first axis.</summary>
    public static Tensor Apply(Tensor input, float rate, ulong key, ulong counter, bool channels)
    {
        Node x = channels && input.Rank > 2 ? input.UseChannelsLast() : input.UseAny();
        Node y = Tape.Result(x.Shape, s_instance, x);
        y.ChannelsLast = x.ChannelsLast;
        int batch = x.Shape[0], factors = channels ? x.Shape[1] : 1;
        float* mask = Tape.Scratch(batch * factors, out float[] home);
        Kernels.Arithmetic.Fill(mask, 1f, batch * factors);
        DropoutKernel.Forward(mask, mask, batch * factors, rate, key, counter);
        y.State.Saved = mask;
        y.State.I0 = factors;
        Scale(x, x.Data, mask, y.Data, factors, add: false);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y) => Scale(y, y.Gradient, y.State.Saved, tape.GradientOf(y.A!, out bool add), y.State.I0, add);

    private static void Scale(Node shape, float* from, float* mask, float* to, int factors, bool add)
    {
        nint batch = shape.Shape[0], sample = batch == 0 ? 0 : shape.Count / batch;
        if (shape.Count == 0)
        {
            return;
        }

        if (factors > 1)
        {
            FactorKernels.Scale(from, mask, to, add, batch, sample / factors, factors);
            return;
        }

        for (nint n = 0; n < batch; n++)
        {
            if (add)
            {
                Kernels.Arithmetic.AddScaled(from + (n * sample), mask[n], to + (n * sample), sample);
            }
            else
            {
                Kernels.Arithmetic.Scale(from + (n * sample), mask[n], to + (n * sample), sample);
            }
        }
    }
}
