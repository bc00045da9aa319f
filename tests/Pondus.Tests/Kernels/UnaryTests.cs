using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class UnaryTests
{
    // About three units in the last place; see the brief remarks in VectorMath.
    private const double Relative = 4e-7;
    private const double Absolute = 1e-7;

    // A fused multiply-add that the processor lacks costs a rounding, and gradients combine several results.
    private const double GradientAbsolute = 6e-7;
    private const float Parameter = 0.2f;

    public static TheoryData<int> Kinds => [.. Enum.GetValues<UnaryKind>().Select(kind => (int)kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_AllLengths_AgreesWithDoubles(int number)
    {
        UnaryKind kind = (UnaryKind)number;
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer x = Input(kind, n), y = new(n);
            Unary.Forward(kind, x.Pointer, y.Pointer, n, Parameter);
            for (int i = 0; i < n; i++)
            {
                KernelAssert.Close(Value(kind, x.Span[i], Parameter), y.Span[i], Relative, Absolute, $"{kind}({x.Span[i]:R}) [{i} of {n}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_SpecialValues_AgreesWithDoubles(int number)
    {
        UnaryKind kind = (UnaryKind)number;
        float[] values = [0, -0f, 1e-45f, -1e-45f, 1e-38f, 1e-20f, -1e-20f, 1, -1, 19.99f, 20.01f, 50, -50, 87.3f, 88.7f, 89, 104, -87, -100, -104, 1e4f, -1e4f, 1e10f, -1e10f, 3e38f, -3e38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        using GuardedBuffer x = new(values), y = new(values.Length);
        Unary.Forward(kind, x.Pointer, y.Pointer, values.Length, Parameter);
        for (int i = 0; i < values.Length; i++)
        {
            KernelAssert.Close(Value(kind, values[i], Parameter), y.Span[i], Relative, Absolute, $"{kind}({values[i]:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_InPlace_GivesTheSameBits(int number)
    {
        UnaryKind kind = (UnaryKind)number;
        using GuardedBuffer x = Input(kind, 77), y = new(77);
        Unary.Forward(kind, x.Pointer, y.Pointer, 77, Parameter);
        Unary.Forward(kind, x.Pointer, x.Pointer, 77, Parameter);
        Assert.True(x.Span.SequenceEqual(y.Span));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_AllLengths_AgreesWithDoubles(int number)
    {
        UnaryKind kind = (UnaryKind)number;
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer x = Input(kind, n), y = new(n), dy = GuardedBuffer.Normal(n, 3), dx = GuardedBuffer.Normal(n, 4), sum = new(dx.Span);
            Unary.Forward(kind, x.Pointer, y.Pointer, n, Parameter);
            Unary.Backward(kind, Unary.NeedsInput(kind) ? x.Pointer : null, Unary.NeedsOutput(kind) ? y.Pointer : null, dy.Pointer, dx.Pointer, n, false, Parameter);
            Unary.Backward(kind, x.Pointer, y.Pointer, dy.Pointer, sum.Pointer, n, true, Parameter);
            using GuardedBuffer before = GuardedBuffer.Normal(n, 4);
            for (int i = 0; i < n; i++)
            {
                string where = $"{kind}'({x.Span[i]:R}) [{i} of {n}]";
                double slope = Slope(kind, x.Span[i], Parameter), expected = slope * dy.Span[i];
                KernelAssert.Close(expected, dx.Span[i], 3 * Relative, GradientAbsolute * Math.Abs(dy.Span[i]), where);
                KernelAssert.Close((double)before.Span[i] + dx.Span[i], sum.Span[i], Relative, Absolute * Math.Abs(dx.Span[i]), where);
            }
        }
    }

    [Theory]
    [InlineData((int)UnaryKind.Absolute, 0f, 0f)]
    [InlineData((int)UnaryKind.Relu, 0f, 0f)]
    [InlineData((int)UnaryKind.LeakyRelu, 0f, 0.2f)]
    [InlineData((int)UnaryKind.Elu, 0f, 0.2f)]
    [InlineData((int)UnaryKind.Step, 0f, 0f)]
    [InlineData((int)UnaryKind.SquareRoot, 0f, float.PositiveInfinity)]
    [InlineData((int)UnaryKind.Gelu, float.PositiveInfinity, 1f)]
    [InlineData((int)UnaryKind.Gelu, float.NegativeInfinity, 0f)]
    [InlineData((int)UnaryKind.GeluTanh, float.NegativeInfinity, 0f)]
    [InlineData((int)UnaryKind.Silu, float.NegativeInfinity, 0f)]
    [InlineData((int)UnaryKind.Softplus, 1000f, 1f)]
    [InlineData((int)UnaryKind.Hardsigmoid, -3f, 0f)]
    [InlineData((int)UnaryKind.Hardsigmoid, 3f, 0f)]
    [InlineData((int)UnaryKind.Hardswish, -3f, 0f)]
    [InlineData((int)UnaryKind.Hardswish, 3f, 1f)]
    [InlineData((int)UnaryKind.Relu6, 0f, 0f)]
    [InlineData((int)UnaryKind.Relu6, 6f, 0f)]
    [InlineData((int)UnaryKind.Mish, 1000f, 1f)]
    [InlineData((int)UnaryKind.Mish, float.NegativeInfinity, 0f)]
    public void Backward_AtCorners_FollowsPyTorch(int number, float at, float expected)
    {
        UnaryKind kind = (UnaryKind)number;
        float x = at, y, dy = 1, dx;
        Unary.Forward(kind, &x, &y, 1, Parameter);
        Unary.Backward(kind, &x, &y, &dy, &dx, 1, false, Parameter);
        Assert.Equal(expected, dx);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ForwardAndBackward_SeveralThreads_GiveTheSameBits(int number)
    {
        UnaryKind kind = (UnaryKind)number;
        const int N = 100_003;
        KernelAssert.SameBits(() =>
        {
            using GuardedBuffer x = Input(kind, N), y = new(N), dx = new(N);
            Unary.Forward(kind, x.Pointer, y.Pointer, N, Parameter);
            Unary.Backward(kind, x.Pointer, y.Pointer, x.Pointer, dx.Pointer, N, false, Parameter);
            return [.. y.Span, .. dx.Span];
        });
    }

    private static GuardedBuffer Input(UnaryKind kind, int n) => kind switch
    {
        UnaryKind.SquareRoot or UnaryKind.Logarithm => GuardedBuffer.Uniform(n, 1, 1e-3f, 30),
        UnaryKind.Reciprocal => GuardedBuffer.Uniform(n, 1, 0.01f, 30),
        UnaryKind.Sine or UnaryKind.Cosine => GuardedBuffer.Normal(n, 1, 2000),
        _ => GuardedBuffer.Normal(n, 1, 3),
    };

    // erfc by its continued fraction in the tail and erf by its series near 0.
    private static double NormalDistribution(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2), tail;
        if (z < 2.5)
        {
            double sum = z, term = z;
            for (int k = 1; k < 100; k++)
            {
                term *= -z * z / k;
                sum += term / ((2 * k) + 1);
            }

            tail = 0.5 - (sum / Math.Sqrt(Math.PI));
        }
        else
        {
            double fraction = 0;
            for (int k = 60; k >= 1; k--)
            {
                fraction = k / 2.0 / (z + fraction);
            }

            tail = 0.5 * Math.Exp(-z * z) / Math.Sqrt(Math.PI) / (z + fraction);
        }

        return x < 0 ? tail : x >= 0 ? 1 - tail : double.NaN;
    }

    private static double Value(UnaryKind kind, double x, double p)
    {
        const double Selu = 1.0507009873554805, SeluAlpha = 1.6732632423543772;
        bool lowest = double.IsNegativeInfinity(x);
        return kind switch
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
            UnaryKind.Relu => x < 0 ? 0 : x,
            UnaryKind.LeakyRelu => x > 0 ? x : p * x,
            UnaryKind.Elu => x > 0 ? x : p * ExpMinusOne(x),
            UnaryKind.Selu => Selu * (x > 0 ? x : SeluAlpha * ExpMinusOne(x)),
            UnaryKind.Gelu => lowest ? 0 : x * NormalDistribution(x),
            UnaryKind.GeluTanh => lowest ? 0 : x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
            UnaryKind.Silu => lowest ? 0 : x / (1 + Math.Exp(-x)),
            UnaryKind.Hardsigmoid => double.IsNaN(x) ? x : Math.Clamp((x / 6) + 0.5, 0, 1),
            UnaryKind.Hardswish => lowest ? 0 : x * (double.IsNaN(x) ? x : Math.Clamp((x / 6) + 0.5, 0, 1)),
            UnaryKind.Relu6 => double.IsNaN(x) ? x : Math.Clamp(x, 0, 6),
            UnaryKind.Mish => lowest ? 0 : x > 20 ? x : x * MishFactor(x),
            UnaryKind.LogSigmoid => x > 20 ? -Math.Exp(-x) : Math.Min(x, 0) - Math.Log(1 + Math.Exp(-Math.Abs(x))),
            UnaryKind.Softsign => double.IsInfinity(x) ? Math.Sign(x) : x / (1 + Math.Abs(x)),
            UnaryKind.ErrorFunction => double.IsInfinity(x) ? Math.Sign(x) : (2 * NormalDistribution(x * Math.Sqrt(2))) - 1,
            UnaryKind.Softplus => x > 20 ? x : Math.Exp(x) < 1e-9 ? Math.Exp(x) : Math.Log(1 + Math.Exp(x)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    // tanh(ln(1 + e^x)).
    private static double MishFactor(double x)
    {
        double e = Math.Exp(x), n = e * (e + 2);
        return n / (n + 2);
    }

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    private static double Slope(UnaryKind kind, double x, double p)
    {
        double s = 1 / (1 + Math.Exp(-x)), c = Math.Sqrt(2 / Math.PI), t = Math.Tanh(c * (x + (0.044715 * x * x * x)));
        return kind switch
        {
            UnaryKind.Negate => -1,
            UnaryKind.Absolute => Math.Sign(x),
            UnaryKind.Square => 2 * x,
            UnaryKind.SquareRoot => 0.5 / Math.Sqrt(x),
            UnaryKind.Reciprocal => -1 / (x * x),
            UnaryKind.Exponential => Math.Exp(x),
            UnaryKind.Logarithm => 1 / x,
            UnaryKind.Sine => Math.Cos(x),
            UnaryKind.Cosine => -Math.Sin(x),
            UnaryKind.Sign or UnaryKind.Step => 0,
            UnaryKind.Sigmoid => s * (1 - s),
            UnaryKind.Tanh => 1 - (Math.Tanh(x) * Math.Tanh(x)),
            UnaryKind.Relu => x > 0 ? 1 : 0,
            UnaryKind.LeakyRelu => x > 0 ? 1 : p,
            UnaryKind.Elu => x > 0 ? 1 : p * Math.Exp(x),
            UnaryKind.Selu => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.Exp(x)),
            UnaryKind.Gelu => NormalDistribution(x) + (x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI)),
            UnaryKind.GeluTanh => (0.5 * (1 + t)) + (0.5 * x * (1 - (t * t)) * c * (1 + (3 * 0.044715 * x * x))),
            UnaryKind.Silu => s * (1 + (x * (1 - s))),
            UnaryKind.Hardsigmoid => Math.Abs(x) < 3 ? 1.0 / 6 : 0,
            UnaryKind.Hardswish => x <= -3 ? 0 : x < 3 ? (x / 3) + 0.5 : 1,
            UnaryKind.Relu6 => x is > 0 and < 6 ? 1 : 0,
            UnaryKind.Mish => MishFactor(x) + (x * s * (1 - (MishFactor(x) * MishFactor(x)))),
            UnaryKind.LogSigmoid => 1 / (1 + Math.Exp(x)),
            UnaryKind.Softsign => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x))),
            UnaryKind.ErrorFunction => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x),
            UnaryKind.Softplus => x > 20 ? 1 : s,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
