using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class BinaryTests
{
    private const double Relative = 5e-7;
    private const double Absolute = 1e-7;

    public static TheoryData<int, int, int> Cases
    {
        get
        {
            TheoryData<int, int, int> cases = [];
            foreach (BinaryKind kind in Enum.GetValues<BinaryKind>())
            {
                cases.Add((int)kind, 1, 1);
                cases.Add((int)kind, 0, 1);
                cases.Add((int)kind, 1, 0);
                cases.Add((int)kind, 0, 0);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_AllLengths_AgreeWithDoubles(int number, int strideA, int strideB)
    {
        BinaryKind kind = (BinaryKind)number;
        foreach (int n in KernelAssert.Lengths)
        {
            bool power = kind == BinaryKind.Power;
            using GuardedBuffer a = power ? GuardedBuffer.Uniform(Math.Max(1, n), 1, 0.1f, 3) : GuardedBuffer.Normal(Math.Max(1, n), 1);
            using GuardedBuffer b = GuardedBuffer.Normal(Math.Max(1, n), 2), dy = GuardedBuffer.Normal(n, 3), y = new(n), left = new(n), right = new(n);
            Binary.Forward(kind, a.Pointer, strideA, b.Pointer, strideB, y.Pointer, n);
            Binary.Backward(kind, true, a.Pointer, strideA, b.Pointer, strideB, y.Pointer, dy.Pointer, left.Pointer, n);
            Binary.Backward(kind, false, a.Pointer, strideA, b.Pointer, strideB, y.Pointer, dy.Pointer, right.Pointer, n);
            for (int i = 0; i < n; i++)
            {
                double p = a.Span[i * strideA], q = b.Span[i * strideB], g = dy.Span[i];
                (double value, double toLeft, double toRight) = kind switch
                {
                    BinaryKind.Add => (p + q, 1.0, 1.0),
                    BinaryKind.Subtract => (p - q, 1, -1),
                    BinaryKind.Multiply => (p * q, q, p),
                    BinaryKind.Divide => (p / q, 1 / q, -p / (q * q)),
                    BinaryKind.Power => (Math.Pow(p, q), q * Math.Pow(p, q - 1), Math.Pow(p, q) * Math.Log(p)),
                    BinaryKind.Maximum => (Math.Max(p, q), p > q ? 1 : 0, p > q ? 0 : 1),
                    _ => (Math.Min(p, q), p < q ? 1 : 0, p < q ? 0 : 1),
                };
                string where = $"{kind}({p}, {q}) [{i} of {n}]";
                KernelAssert.Close(value, y.Span[i], Relative, Absolute, where);
                KernelAssert.Close(g * toLeft, left.Span[i], Relative, Absolute, where + " left");
                KernelAssert.Close(g * toRight, right.Span[i], Relative, Absolute, where + " right");
            }
        }
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    [InlineData(3f)]
    [InlineData(0f)]
    public void Power_ConstantExponent_AgreesWithDoubles(float exponent)
    {
        using GuardedBuffer a = GuardedBuffer.Uniform(70, 1, 0.1f, 3), y = new(70), d = new(70);
        Binary.Forward(BinaryKind.Power, a.Pointer, 1, &exponent, 0, y.Pointer, 70);
        Binary.Backward(BinaryKind.Power, true, a.Pointer, 1, &exponent, 0, y.Pointer, a.Pointer, d.Pointer, 70);
        for (int i = 0; i < 70; i++)
        {
            KernelAssert.Close(Math.Pow(a.Span[i], exponent), y.Span[i], Relative, Absolute, $"{a.Span[i]}^{exponent}");
            KernelAssert.Close(exponent * Math.Pow(a.Span[i], exponent), d.Span[i], Relative, Absolute, $"gradient of {a.Span[i]}^{exponent}");
        }
    }

    [Theory]
    [InlineData((int)BinaryKind.Maximum)]
    [InlineData((int)BinaryKind.Minimum)]
    public void Extreme_Ties_SplitTheGradientInHalves(int kind)
    {
        float a = 2, y, dy = 3, d;
        foreach (bool toLeft in (bool[])[true, false])
        {
            Binary.Backward((BinaryKind)kind, toLeft, &a, 1, &a, 1, &y, &dy, &d, 1);
            Assert.Equal(1.5f, d);
        }
    }

    [Theory]
    [InlineData((int)BinaryKind.Maximum)]
    [InlineData((int)BinaryKind.Minimum)]
    public void Extreme_NaNOnEitherSide_GivesNaN(int kind)
    {
        float[] left = [float.NaN, 1, float.NaN, 2], right = [1, float.NaN, float.NaN, 2];
        using GuardedBuffer a = new(left), b = new(right), y = new(4);
        Binary.Forward((BinaryKind)kind, a.Pointer, 1, b.Pointer, 1, y.Pointer, 4);
        Assert.Equal([float.NaN, float.NaN, float.NaN, 2], y.Span.ToArray());
    }

    [Fact]
    public void Forward_SeveralThreads_GivesTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int N = 100_001;
        using GuardedBuffer a = GuardedBuffer.Normal(N, 1), b = GuardedBuffer.Normal(N, 2), y = new(N);
        Binary.Forward(BinaryKind.Divide, a.Pointer, 1, b.Pointer, 1, y.Pointer, N);
        return y.Span.ToArray();
    });
}
