using Pondus.Kernels;

namespace Pondus;

/// <summary>Rotary positions: pairs of values of each head are turned by angles that grow with the place.</summary>
/// <remarks>Source: Su et al. 2021, arXiv:2104.09864: angle of pair i at place t: t base^(-2i / size).</remarks>
internal sealed unsafe class RotaryOperation : Operation
{
    private static readonly RotaryOperation s_instance = new();

    /// <summary>Turns the first heads of x (batch, tokens, width) and copies the others.</summary>
    /// <param name="input">Vectors with heads side by side.</param>
    /// <param name="heads">How many heads are turned.</param>
    /// <param name="size">Size of a head, even.</param>
    /// <param name="first">Place of the first token.</param>
    /// <param name="scale">The base of the angles.</param>
    /// <param name="halves">Whether the halves of a head are turned together, not neighbors.</param>
    public static Tensor Apply(Tensor input, int heads, int size, int first, float scale, bool halves)
    {
        Node x = input.Use();
        int tokens = x.Shape[^2], pairs = size / 2;
        Node y = Tape.Result(x.Shape, s_instance, x);
        float* table = Tape.Scratch(2 * tokens * pairs, out float[] home);
        for (int t = 0; t < tokens; t++)
        {
            for (int i = 0; i < pairs; i++)
            {
                double angle = (first + t) * Math.Pow(scale, -2.0 * i / size);
                table[2 * ((t * pairs) + i)] = (float)Math.Cos(angle);
                table[(2 * ((t * pairs) + i)) + 1] = (float)Math.Sin(angle);
            }
        }

        y.State.Saved = table;
        y.State.I0 = heads;
        y.State.I1 = size;
        y.State.I2 = halves ? 1 : 0;
        Launch.Rows(Turn(y, x.Data, y.Data, x.Shape, back: false, add: false), x.Count / Math.Max(1, x.Shape.Last), x.Shape.Last);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        // The first heads are turned, what is behind them stays: queries and keys of one packed tensor.
        Shape shape = result.Shape;
        int heads = result.State.I0, size = result.State.I1, tokens = shape[^2], pairs = size / 2, width = heads * size;
        bool halves = result.State.I2 != 0;
        string x = sketch.Of(result.A!);
        string turned = width == shape.Last ? x : Part(sketch, x, 0, width);
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        shape.AsSpan()[..^1].CopyTo(sizes);
        (sizes[shape.Rank - 1], sizes[shape.Rank], sizes[shape.Rank + 1]) = halves ? (heads, 2, pairs) : (heads, pairs, 2);
        turned = sketch.Reshape(turned, new Shape(sizes[..(shape.Rank + 2)]));
        int axis = halves ? -2 : -1;
        string a = Part(sketch, turned, 0, 1, axis), b = Part(sketch, turned, 1, 1, axis);
        int[] side = halves ? [tokens, 1, 1, pairs] : [tokens, 1, pairs, 1];
        string cosine = sketch.Constant(Column(result.State.Saved, tokens * pairs, 0), side), sine = sketch.Constant(Column(result.State.Saved, tokens * pairs, 1), side);
        string first = sketch.Emit("Sub", [sketch.Emit("Mul", [a, cosine]), sketch.Emit("Mul", [b, sine])]);
        string second = sketch.Emit("Add", [sketch.Emit("Mul", [a, sine]), sketch.Emit("Mul", [b, cosine])]);
        string y = sketch.Reshape(sketch.Emit("Concat", [first, second], [new("axis", (long)axis)]), shape.With(shape.Rank - 1, width));
        return width == shape.Last ? y : sketch.Emit("Concat", [y, Part(sketch, x, width, shape.Last - width)], [new("axis", -1L)]);
    }

    private static string Part(GraphSketch sketch, string x, int start, int length, int axis = -1) =>
        sketch.Emit("Slice", [x, sketch.Integers(start), sketch.Integers(start + length), sketch.Integers(axis)]);

    private static float[] Column(float* table, int count, int column)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = table[(2 * i) + column];
        }

        return values;
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        float* d = tape.GradientOf(x, out bool add);
        Launch.Rows(Turn(y, y.Gradient, d, x.Shape, back: true, add), x.Count / Math.Max(1, x.Shape.Last), x.Shape.Last);
    }

    private static Kernel Turn(Node y, float* from, float* to, in Shape shape, bool back, bool add) => new()
    {
        From = from,
        To = to,
        Table = y.State.Saved,
        Width = shape.Last,
        Tokens = shape[^2],
        Heads = y.State.I0,
        Size = y.State.I1,
        Halves = y.State.I2 != 0,
        Sign = back ? -1f : 1f,
        Add = add,
    };

    private struct Kernel : IRangeKernel
    {
        public float* From;
        public float* To;
        public float* Table;
        public nint Width;
        public int Tokens;
        public int Heads;
        public int Size;
        public bool Halves;
        public float Sign;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            int pairs = Size / 2, apart = Halves ? pairs : 1, step = Halves ? 1 : 2;
            for (nint row = begin; row < end; row++)
            {
                float* from = From + (row * Width), to = To + (row * Width), turns = Table + (2 * (row % Tokens) * pairs);
                for (int head = 0; head < Heads; head++)
                {
                    float* f = from + (head * Size), t = to + (head * Size);
                    for (int i = 0; i < pairs; i++)
                    {
                        float cosine = turns[2 * i], sine = Sign * turns[(2 * i) + 1], a = f[i * step], b = f[(i * step) + apart];
                        float first = (a * cosine) - (b * sine), second = (a * sine) + (b * cosine);
                        t[i * step] = Add ? t[i * step] + first : first;
                        t[(i * step) + apart] = Add ? t[(i * step) + apart] + second : second;
                    }
                }

                for (nint j = (nint)Heads * Size; j < Width; j++)
                {
                    to[j] = Add ? to[j] + from[j] : from[j];
                }
            }
        }
    }
}
