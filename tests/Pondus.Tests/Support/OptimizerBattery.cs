using Pondus.Optimizers;
using Pondus.Tests.Optimizers;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>What every optimizer must do.</summary>
internal static class OptimizerBattery
{
    private const int Count = 37; // not a multiple of any vector width

    /// <summary>(w - target)^2 / 2 has its minimum at the target.</summary>
    public static void Parabola(OptimizerCase one)
    {
        float[] target = Values(2);
        Optimizers.Weights weights = new(Values(1));
        Optimizer optimizer = one.Make(weights.Parameters);
        double start = Distance(weights.Values, target);
        float rate = optimizer.LearningRate;
        for (int step = 0; step < 500; step++)
        {
            // The rate falls to 0, so that methods with steps of one size come to rest.
            optimizer.LearningRate = rate * (1 - (step / 500f));
            weights.SetGradient(Difference(weights.Values, target));
            optimizer.Step();
        }

        Assert.InRange(Distance(weights.Values, target), 0, one.Decays ? 0.2 * start : 1e-3 * start);
    }

    /// <summary>(1 - x)^2 + 100 (y - x^2)^2 from (-1.2, 1), by the tape.</summary>
    public static void Rosenbrock(OptimizerCase one)
    {
        Optimizers.Weights weights = new([-1.2f], [1f]);
        Optimizer optimizer = one.Make(weights.Parameters);
        optimizer.LearningRate = one.RosenbrockRate;
        float first = 0, value = 0;
        for (int step = 0; step < 300; step++)
        {
            Step.Begin();
            Tensor x = weights.OwnParameters[0], y = weights.OwnParameters[1];
            Tensor f = (1f - x).Square() + (100f * (y - x.Square()).Square());
            value = f.Item();
            first = step == 0 ? value : first;
            f.Backward();
            optimizer.Step();
        }

        Step.End();
        // (1 + 1.2)^2 + 100 (1 - 1.44)^2 = 24.2
        Assert.Equal(24.2, first, 1e-4);
        Assert.InRange(value, 0, 4.5);
    }

    public static void ZeroGradient(OptimizerCase one)
    {
        float[] start = Values(1);
        Optimizers.Weights weights = new(start);
        Optimizer optimizer = one.Make(weights.Parameters);
        for (int step = 0; step < 3; step++)
        {
            weights.SetGradient(new float[Count]);
            optimizer.Step();
        }

        if (one.Decays)
        {
            Assert.All(start.Zip(weights.Values.ToArray()), static pair => Assert.True(Math.Abs(pair.Second) < Math.Abs(pair.First)));
        }
        else
        {
            Assert.Equal(start, weights.Values.ToArray());
        }
    }

    /// <summary>At every step the state is moved into a new optimizer of new weights; the bits are those of one that never stopped.</summary>
    public static void Resume(OptimizerCase one)
    {
        Optimizers.Weights whole = new(Values(1)), parts = new(Values(1));
        Optimizer uninterrupted = one.Make(whole.Parameters), resumed = one.Make(parts.Parameters);
        for (int step = 0; step < 12; step++)
        {
            whole.SetGradient(Values((ulong)(10 + step)));
            uninterrupted.Step();
            parts.SetGradient(Values((ulong)(10 + step)));
            resumed.Step();

            Optimizers.Weights next = new(parts.Values.ToArray());
            Optimizer successor = one.Make(next.Parameters);
            for (int slot = 0; slot < resumed.SlotNames.Count; slot++)
            {
                resumed.State(slot, parts.OwnParameters[0]).CopyTo(successor.State(slot, next.OwnParameters[0]));
            }

            successor.Restore(resumed.StepNumber);
            (parts, resumed) = (next, successor);
            Assert.Equal(whole.Values.ToArray(), parts.Values.ToArray());
        }

        Assert.Equal(12, resumed.StepNumber);
    }

    /// <summary>Frozen: no gradient is computed. Without a gradient: left alone, state too, as if it were not there.</summary>
    public static void Untouched(OptimizerCase one)
    {
        Optimizers.Weights weights = new(Values(1), Values(2), Values(3));
        weights.OwnParameters[1].RequiresGradient = false;
        Optimizer optimizer = one.Make(weights.Parameters);
        Assert.Equal([weights.OwnParameters[0], weights.OwnParameters[2]], optimizer.Parameters);
        weights.SetGradient(0, Values(4));
        optimizer.Step();
        Assert.NotEqual(Values(1), weights.Values.ToArray());
        Assert.Equal(Values(2), weights.OwnParameters[1].ToArray());
        Assert.Equal(Values(3), weights.OwnParameters[2].ToArray());
        for (int slot = 0; slot < optimizer.SlotNames.Count; slot++)
        {
            // Slow weights start as the weights themselves.
            float[] untouched = optimizer.SlotNames[slot] == "slow_weight" ? Values(3) : new float[Count];
            Assert.Equal(untouched, optimizer.State(slot, weights.OwnParameters[2]).ToArray());
        }

        Assert.False(weights.OwnParameters[0].HasGradient);
        float[] moved = weights.Values.ToArray();
        optimizer.Step();
        Assert.Equal(moved, weights.Values.ToArray());
    }

    /// <summary>Neighboring parameters move in one stretch, or one by one where some have no gradient; each must move as if it were alone.</summary>
    public static void Neighbors(OptimizerCase one)
    {
        Optimizers.Weights together = new(Values(1), Values(2), Values(3));
        Optimizer optimizer = one.Make(together.Parameters);
        Optimizers.Weights[] alone = [.. Enumerable.Range(1, 3).Select(static i => new Optimizers.Weights(Values((ulong)i)))];
        Optimizer[] optimizers = [.. alone.Select(weights => one.Make(weights.Parameters))];
        for (int step = 0; step < 8; step++)
        {
            for (int i = 0; i < 3; i++)
            {
                if (step % 3 == i)
                {
                    // No gradient this time, for one parameter not at first either: its steps are not counted, so the optimizer alone takes none.
                    // Slow weights follow all parameters together, whichever moved.
                    if (optimizers[i] is Lookahead)
                    {
                        optimizers[i].Step();
                    }

                    continue;
                }

                float[] gradient = Values((ulong)((10 * step) + i));
                together.SetGradient(i, gradient);
                alone[i].SetGradient(gradient);
                optimizers[i].Step();
            }

            optimizer.Step();
        }

        Assert.All(alone, (weights, i) => Assert.Equal(weights.Values.ToArray(), together.OwnParameters[i].ToArray()));
    }

    private static float[] Values(ulong seed)
    {
        float[] values = new float[Count];
        new RandomSource(seed).FillNormal(values, 0f, 1f);
        return values;
    }

    private static float[] Difference(ReadOnlySpan<float> left, float[] right) => left.ToArray().Zip(right, static (a, b) => a - b).ToArray();

    private static double Distance(ReadOnlySpan<float> left, float[] right) => Math.Sqrt(Difference(left, right).Sum(static d => (double)d * d));
}
