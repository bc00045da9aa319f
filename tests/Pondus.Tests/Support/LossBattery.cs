using Xunit;

namespace Pondus.Tests.Support;

/// <summary>What every loss must do.</summary>
internal static class LossBattery
{
    /// <summary>The gradient is the slope of what is computed.</summary>
    public static void Gradient(LossCase one) => GradientCheck.Check(one.Name, x => one.Compute(x, Targets(one, one.Shape[0])), Inputs(one, one.Shape[0]));

    /// <summary>Targets of other sizes are refused with both sizes.</summary>
    public static void WrongShape(LossCase one)
    {
        ShapeException error = Assert.Throws<ShapeException>(() => one.Compute(Inputs(one, one.Shape[0]), Targets(one, one.Shape[0] - 1)));
        Assert.Equal(one.WrongMessage, error.Message);
    }

    /// <summary>Without samples the mean is NaN and asks for nothing, or the loss says that it needs some.</summary>
    public static void EmptyBatch(LossCase one)
    {
        if (one.EmptyMessage is not null)
        {
            Assert.Equal(one.EmptyMessage, Assert.Throws<ShapeException>(() => one.Compute(Inputs(one, 0), Targets(one, 0))).Message);
            return;
        }

        Step.Begin();
        Tensor[] x = [.. Inputs(one, 0).Select(static v => v.WithGradient())];
        Tensor loss = one.Compute(x, Targets(one, 0));
        Assert.True(float.IsNaN(loss.Item()));
        loss.Backward();
        Assert.All(x, static v => Assert.Equal(0, v.Gradient.Length));
        Step.End();
    }

    /// <summary>Value and gradients have the same bits for any number of threads, for a batch that is cut into chunks.</summary>
    public static void Threads(LossCase one)
    {
        const int Rows = 5000;
        int rows = one.Shape.Length > 2 ? 3 * one.Shape[0] : one.EmptyMessage is null ? Rows : 64;
        float[][]? before = null;
        foreach (int threads in new[] { 1, 2, 4 })
        {
            using PoolThreads pool = new(threads);
            Step.Begin();
            Tensor[] x = [.. Inputs(one, rows).Select(static v => v.WithGradient())];
            Tensor loss = one.Compute(x, Targets(one, rows));
            loss.Backward();
            float[][] bits = [loss.ToArray(), .. x.Select(static v => v.Gradient.ToArray())];
            Step.End();
            Assert.Equal(before ?? bits, bits);
            before = bits;
        }
    }

    private static Tensor[] Inputs(LossCase one, int rows) =>
        [.. Enumerable.Range(0, one.Inputs).Select(i => Tensor.Uniform(new Shape([rows, .. one.Shape[1..]]), 0.05f, 0.95f, new RandomSource(5).Stream($"{i}")))];

    private static Shape Targets(LossCase one, int rows) => new([rows, .. one.Shape[1..]]);
}
