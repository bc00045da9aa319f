using Pondus.Kernels;

namespace Pondus;

/// <summary>Mean structural similarity of each plane of two stacks of pictures, with its exact gradient by both.</summary>
internal sealed unsafe class SimilarityOperation : Operation
{
    private static readonly SimilarityOperation s_instance = new();

    /// <summary>Compares planes: (..., H, W) twice to (...).</summary>
    /// <param name="first">Pictures.</param>
    /// <param name="second">Other pictures.</param>
    /// <param name="window">Symmetric weights that add up to 1; their outer product is the window.</param>
    /// <param name="c1">Keeps the luminance finite.</param>
    /// <param name="c2">Keeps contrast and structure finite.</param>
    /// <param name="withLuminance">Whether the luminance is a factor beside contrast and structure.</param>
    /// <param name="who">Named in messages.</param>
    public static Tensor Apply(Tensor first, Tensor second, double[] window, double c1, double c2, bool withLuminance, string who)
    {
        Node x = first.Use(), y = second.Use();
        int rank = x.Shape.Rank;
        if (x.Shape != y.Shape)
        {
            throw new ShapeException($"{who}: expected pictures of one shape, got {x.Shape} and {y.Shape}.");
        }

        if (rank < 2 || x.Shape[rank - 2] < window.Length || x.Shape[rank - 1] < window.Length)
        {
            throw new ShapeException($"{who}: expected pictures (..., height, width) of at least {window.Length} x {window.Length} pixels, got {x.Shape}.");
        }

        Node result = Tape.Result(x.Shape.Without(rank - 1).Without(rank - 2), s_instance, x, y);
        result.State.Object = window;
        result.State.D0 = c1;
        result.State.Key = BitConverter.DoubleToUInt64Bits(c2);
        result.State.I0 = withLuminance ? 1 : 0;
        fixed (double* weights = window)
        {
            StructuralSimilarity.Job job = JobOf(result, x, y, weights);
            double* slopes = null;
            float[] home = [];
            if (result.NeedsGradient)
            {
                slopes = (double*)Tape.Scratch(checked((int)(2 * StructuralSimilarity.SlopeCount * job.Planes * job.Places)), out home);
            }

            result.State.Saved = (float*)slopes;
            StructuralSimilarity.Forward(job, result.Data, slopes);
            GC.KeepAlive(home);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return new Tensor(result);
    }

    public override void Backward(Tape tape, Node result)
    {
        Node x = result.A!, y = result.B!;
        fixed (double* weights = (double[])result.State.Object!)
        {
            StructuralSimilarity.Job job = JobOf(result, x, y, weights);
            for (int side = 0; side < 2; side++)
            {
                Node target = side == 0 ? x : y;
                if (target.NeedsGradient)
                {
                    float* d = tape.GradientOf(target, out bool add);
                    StructuralSimilarity.Backward(job, (double*)result.State.Saved, result.Gradient, d, side == 1, add);
                }
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private static StructuralSimilarity.Job JobOf(Node result, Node x, Node y, double* window) => new()
    {
        X = x.Data,
        Y = y.Data,
        Planes = result.Count,
        Height = x.Shape[x.Shape.Rank - 2],
        Width = x.Shape.Last,
        Window = window,
        Taps = ((double[])result.State.Object!).Length,
        C1 = result.State.D0,
        C2 = BitConverter.UInt64BitsToDouble(result.State.Key),
        WithLuminance = result.State.I0 != 0,
    };
}
