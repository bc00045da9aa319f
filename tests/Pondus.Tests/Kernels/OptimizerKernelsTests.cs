using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

public sealed unsafe class OptimizerKernelsTests
{
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(0.0, 0.0, false, 0.0)]
    [InlineData(0.9, 0.0, false, 0.0)]
    [InlineData(0.9, 0.1, false, 0.01)]
    [InlineData(0.9, 0.0, true, 0.01)]
    public void Sgd_ThreeSteps_FollowPyTorchsFormula(double momentum, double dampening, bool nesterov, double decay)
    {
        const double Rate = 0.1;
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer w = GuardedBuffer.Normal(n, 1), velocity = GuardedBuffer.Normal(n, 2);
            double[] expected = [.. w.Span.ToArray().Select(v => (double)v)], buffer = new double[n];
            for (int step = 1; step <= 3; step++)
            {
                using GuardedBuffer g = GuardedBuffer.Normal(n, (ulong)step + 10);
                OptimizerKernels.Sgd(w.Pointer, g.Pointer, momentum == 0 ? null : velocity.Pointer, n, Rate, momentum, dampening, nesterov, decay, step == 1);
                for (int i = 0; i < n; i++)
                {
                    double d = g.Span[i] + (decay * expected[i]);
                    buffer[i] = step == 1 ? d : (momentum * buffer[i]) + ((1 - dampening) * d);
                    expected[i] -= Rate * (momentum == 0 ? d : nesterov ? d + (momentum * buffer[i]) : buffer[i]);
                }
            }

            for (int i = 0; i < n; i++)
            {
                KernelAssert.Close(expected[i], w.Span[i], Tolerance, Tolerance, $"{i} of {n}");
            }
        }
    }

    [Theory]
    [InlineData(0.0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, false)]
    [InlineData(0.0, false, true)]
    public void Adam_FourSteps_FollowPyTorchsFormula(double decay, bool decoupled, bool amsGrad)
    {
        const double Rate = 0.01, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8;
        foreach (int n in KernelAssert.Lengths)
        {
            using GuardedBuffer w = GuardedBuffer.Normal(n, 1), m = new(n), v = new(n), top = new(n);
            m.Span.Clear();
            v.Span.Clear();
            top.Span.Clear();
            double[] expected = [.. w.Span.ToArray().Select(x => (double)x)], first = new double[n], second = new double[n], largest = new double[n];
            for (int step = 1; step <= 4; step++)
            {
                using GuardedBuffer g = GuardedBuffer.Normal(n, (ulong)step + 10, 3 - (step * 0.5f));
                OptimizerKernels.Adam(w.Pointer, g.Pointer, m.Pointer, v.Pointer, amsGrad ? top.Pointer : null, n, Rate, Beta1, Beta2, Epsilon, decay, decoupled, step);
                for (int i = 0; i < n; i++)
                {
                    double d = g.Span[i] + (decoupled ? 0 : decay * expected[i]);
                    expected[i] *= decoupled ? 1 - (Rate * decay) : 1;
                    first[i] = (Beta1 * first[i]) + ((1 - Beta1) * d);
                    second[i] = (Beta2 * second[i]) + ((1 - Beta2) * d * d);
                    largest[i] = Math.Max(largest[i], second[i]);
                    double root = Math.Sqrt((amsGrad ? largest[i] : second[i]) / (1 - Math.Pow(Beta2, step)));
                    expected[i] -= Rate / (1 - Math.Pow(Beta1, step)) * first[i] / (root + Epsilon);
                }
            }

            for (int i = 0; i < n; i++)
            {
                KernelAssert.Close(expected[i], w.Span[i], Tolerance, Tolerance, $"{i} of {n}");
                KernelAssert.Close(first[i], m.Span[i], Tolerance, Tolerance, $"m {i} of {n}");
                KernelAssert.Close(second[i], v.Span[i], Tolerance, Tolerance, $"v {i} of {n}");
            }
        }
    }

    [Fact]
    public void Adam_FirstStep_MovesByTheRate()
    {
        // m / (1 - beta1) = g and sqrt(v / (1 - beta2)) = |g|, so the step is rate g / |g|.
        float w = 1, g = -5, m = 0, v = 0;
        OptimizerKernels.Adam(&w, &g, &m, &v, null, 1, 0.001, 0.9, 0.999, 1e-8, 0, false, 1);
        Assert.Equal(1.001f, w, 1e-6f);
    }

    [Fact]
    public void Adam_SeveralThreads_GivesTheSameBits() => KernelAssert.SameBits(() =>
    {
        const int N = 100_003;
        using GuardedBuffer w = GuardedBuffer.Normal(N, 1), g = GuardedBuffer.Normal(N, 2), m = new(N), v = new(N);
        m.Span.Clear();
        v.Span.Clear();
        OptimizerKernels.Adam(w.Pointer, g.Pointer, m.Pointer, v.Pointer, null, N, 0.001, 0.9, 0.999, 1e-8, 0, false, 1);
        return [.. w.Span, .. m.Span, .. v.Span];
    });
}
