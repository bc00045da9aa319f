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
