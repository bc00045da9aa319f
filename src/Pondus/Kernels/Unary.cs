namespace Pondus.Kernels;

/// <summary>Elementwise functions of one argument and their gradients.</summary>
internal static unsafe class Unary
{
    public static void Forward(UnaryKind kind, float* x, float* y, nint n, float p0)
    {
        for (nint i = 0; i < n; i++) { y[i] = (float)Value(kind, x[i], p0); }
    }

    public static void Backward(UnaryKind kind, float* x, float* y, float* dy, float* dx, nint n, bool add, float p0)
    {
        for (nint i = 0; i < n; i++)
        {
            float d = (float)(dy[i] * Slope(kind, NeedsInput(kind) ? x[i] : 0, NeedsOutput(kind) ? y[i] : 0, p0));
            dx[i] = add ? dx[i] + d : d;
        }
    }

    public static bool NeedsInput(UnaryKind kind) => kind is not (UnaryKind.Negate or UnaryKind.SquareRoot or UnaryKind.Reciprocal or UnaryKind.Exponential or UnaryKind.Sign or UnaryKind.Step or UnaryKind.Sigmoid or UnaryKind.Tanh or UnaryKind.Relu);

    public static bool NeedsOutput(UnaryKind kind) => kind is UnaryKind.SquareRoot or UnaryKind.Reciprocal or UnaryKind.Exponential or UnaryKind.Sigmoid or UnaryKind.Tanh or UnaryKind.Relu;

    internal static double Erf(double x)
    {
        double sum = x, term = x;
        if (Math.Abs(x) > 6) { return Math.Sign(x); }
        for (int k = 1; k < 200; k++) { term *= -x * x / k; sum += term / ((2 * k) + 1); }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Value(UnaryKind kind, double x, double p) => kind switch
    {
        UnaryKind.Negate => -x,
        UnaryKind.Absolute => Math.Abs(x),
        UnaryKind.Square => x * x,
        UnaryKind.SquareRoot => Math.Sqrt(x),
        UnaryKind.Reciprocal => 1 / x,
        UnaryKind.Exponential => Math.Exp(x),
        UnaryKind.Logarithm => Math.Log(x),
        UnaryKind.Sine => Math.Sin(x),
        UnaryKind.Cosine => Math.Cos(x),
        UnaryKind.Sign => double.IsNaN(x) ? x : Math.Sign(x),
        UnaryKind.Step => x > 0 ? 1 : 0,
        UnaryKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryKind.Tanh => Math.Tanh(x),
        UnaryKind.Relu => x <= 0 ? 0 : x,
        UnaryKind.LeakyRelu => x > 0 ? x : p * x,
        UnaryKind.Elu => x > 0 ? x : p * (Math.Exp(x) - 1),
        UnaryKind.Selu => 1.0507009873554804934193349852946 * (x > 0 ? x : 1.6732632423543772848170429916717 * (Math.Exp(x) - 1)),
        UnaryKind.Gelu => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        UnaryKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        UnaryKind.Silu => x / (1 + Math.Exp(-x)),
        _ => x > 20 ? x : Math.Log(1 + Math.Exp(x)),
    };

    private static double Slope(UnaryKind kind, double x, double y, double p)
    {
        double s = 1 / (1 + Math.Exp(-x));
        switch (kind)
        {
            case UnaryKind.Negate: return -1;
            case UnaryKind.Absolute: return double.IsNaN(x) ? x : Math.Sign(x);
            case UnaryKind.Square: return 2 * x;
            case UnaryKind.SquareRoot: return 0.5 / y;
            case UnaryKind.Reciprocal: return -y * y;
            case UnaryKind.Exponential: return y;
            case UnaryKind.Logarithm: return 1 / x;
            case UnaryKind.Sine: return Math.Cos(x);
            case UnaryKind.Cosine: return -Math.Sin(x);
            case UnaryKind.Sign: case UnaryKind.Step: return 0;
            case UnaryKind.Sigmoid: return y * (1 - y);
            case UnaryKind.Tanh: return 1 - (y * y);
            case UnaryKind.Relu: return y <= 0 ? 0 : 1;
            case UnaryKind.LeakyRelu: return x > 0 ? 1 : p;
            case UnaryKind.Elu: return x > 0 ? 1 : p * Math.Exp(x);
            case UnaryKind.Selu: return 1.0507009873554804934193349852946 * (x > 0 ? 1 : 1.6732632423543772848170429916717 * Math.Exp(x));
            case UnaryKind.Gelu: return (0.5 * (1 + Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
            case UnaryKind.GeluTanh:
                double c = Math.Sqrt(2 / Math.PI), t = Math.Tanh(c * (x + (0.044715 * x * x * x)));
                return (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * c * (1 + (3 * 0.044715 * x * x)));
            case UnaryKind.Silu: return s * (1 + (x * (1 - s)));
            default: return x > 20 ? 1 : s;
        }
    }
}
