using Pondus.Kernels;

namespace Pondus;

/// <summary>Turns values (N, C, ...) that lie row-major into ones whose channels come last, or back.</summary>
/// <remarks>
/// A user never sees the layout. Convolutions, poolings and norms compute with the channels last and leave their result so; operations
/// that do not care pass the layout on, and any other asks for its input row-major by <see cref="Tensor.Use"/>, which comes here.
/// Where there is one channel, or one place, both layouts are the same memory and nothing is copied.
/// </remarks>
internal sealed unsafe class LayoutOperation : Operation
{
    private static readonly LayoutOperation s_instance = new();

    /// <summary>Sizes (N, C, ...) in the order (N, ..., C).</summary>
    public static Shape ChannelsLastShape(in Shape shape)
    {
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        sizes[0] = shape[0];
        for (int i = 2; i < shape.Rank; i++)
        {
            sizes[i - 1] = shape[i];
        }

        sizes[shape.Rank - 1] = shape[1];
        return new Shape(sizes[..shape.Rank]);
    }

    /// <summary>Sizes (N, ..., C) in the order (N, C, ...).</summary>
    public static Shape ChannelsFirstShape(in Shape shape)
    {
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        sizes[0] = shape[0];
        sizes[1] = shape.Last;
        for (int i = 1; i < shape.Rank - 1; i++)
        {
            sizes[i + 1] = shape[i];
        }

        return new Shape(sizes[..shape.Rank]);
    }

    /// <summary>Makes zeros that last as long as the step, in the layout that their neighbors have.</summary>
    public static Tensor Zeros(in Shape shape, bool channelsLast)
    {
        Node y = Tape.Constant(shape);
        y.ChannelsLast = channelsLast;
        y.Span.Clear();
        return new Tensor(y);
    }

    /// <summary>Gives the node in the layout that it does not have.</summary>
    public static Node Convert(Node a)
    {
        // A twin lives as long as the node if both are the same tape's; the memory of other nodes may be filled anew.
        bool lasting = a.Tape is { } tape && tape == Tape.Current;
        if (lasting && a.Twin is { } known)
        {
            return known;
        }

        int channels = a.Shape[1], places = a.Shape.Product(2, a.Shape.Rank);
        Node y;
        if (channels == 1 || places == 1)
        {
            y = Tape.View(a.Shape, s_instance, a, a.Data);
        }
        else
        {
            y = Tape.Result(a.Shape, s_instance, a);
            Copy(a, a.Data, y.Data, add: false);
            GC.KeepAlive(a);
        }

        y.ChannelsLast = !a.ChannelsLast;
        if (lasting)
        {
            (a.Twin, y.Twin) = (y, a);
        }

        return y;
    }

    public override string Describe(GraphSketch sketch, Node result) => sketch.Of(result.A!);

    public override void Backward(Tape tape, Node y) => Copy(y, y.Gradient, tape.GradientOf(y.A!, out bool add), add);

    // The blocks of a batch, each a matrix that is transposed.
    private static void Copy(Node from, float* source, float* target, bool add)
    {
        int channels = from.Shape[1], places = from.Shape.Product(2, from.Shape.Rank);
        (int rows, int columns) = from.ChannelsLast ? (places, channels) : (channels, places);
        Layouts.Transpose(source, target, from.Shape[0], rows, columns, add);
    }
}
