using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Sets a random share of the values to zero and scales the others so that the expectation stays.</summary>
    /// <remarks>
    /// <para>Formula: y = x mask / (1 - rate), mask 0 with probability rate. The mask is drawn again in the backward pass from its key, not stored.</para>
    /// <para>Source: Srivastava et al., JMLR 15, 2014.</para>
    /// </remarks>
    /// <param name="rate">Share of values set to zero, in [0, 1).</param>
    /// <param name="random">Stream of the mask; it moves on by the numbers that the mask takes.</param>
    /// <returns>The masked values.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public Tensor Dropout(float rate, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (rate is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Dropout: expected a rate in [0, 1), got {rate}.");
        }

        // Whole blocks of four numbers, as many as the mask takes, so that the next mask shares none of them.
        ulong counter = (random.Position + 3) >> 2;
        random.Position = (counter + (((ulong)Count + 3) >> 2)) << 2;
        return DropoutOperation.Apply(this, rate, random.Key, counter);
    }
}

/// <summary>Dropout with a mask that is recomputed from its key.</summary>
internal sealed unsafe class DropoutOperation : Operation
{
    private static readonly DropoutOperation s_instance = new();

    public static Tensor Apply(Tensor x, float rate, ulong key, ulong counter)
    {
        Node a = x.UseAny();
        Node y = Tape.Result(a.Shape, s_instance, a);
        y.ChannelsLast = a.ChannelsLast;
        y.State.F0 = rate;
        y.State.Key = key;
        y.State.Counter = counter;
        DropoutKernel.Forward(a.Data, y.Data, y.Count, rate, key, counter);
        GC.KeepAlive(a);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        float* d = tape.GradientOf(y.A!, out bool add);
        DropoutKernel.Backward(y.Gradient, d, y.Count, y.State.F0, y.State.Key, y.State.Counter, add);
    }
}
