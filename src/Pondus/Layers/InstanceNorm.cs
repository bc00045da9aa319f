namespace Pondus.Layers;

/// <summary>What the instance norms of sequences and images share: each channel of each sample is brought to mean 0 and variance 1 over its places.</summary>
/// <remarks>
/// <para>Shape: a batch or a sample alone, unchanged. Formula: y = (x - mean) / sqrt(variance + epsilon) weight + bias; the variance divides by the number of places.</para>
/// <para>Parameters, if wanted: <c>weight</c>, <c>bias</c> (C), from 1 and 0.</para>
/// <para>Differs: there are no running statistics; PyTorch keeps none either unless told to.</para>
/// <para>Source: Ulyanov, Vedaldi and Lempitsky 2016, arXiv:1607.08022.</para>
/// </remarks>
public abstract class InstanceNorm : Layer
{
    private protected InstanceNorm(int channels, float epsilon, bool affine)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Channels = channels;
        Epsilon = NormSettings.CheckEpsilon(GetType().Name, epsilon);
        Weight = affine ? AddParameter("weight", [channels], 1f) : null;
        Bias = affine ? AddParameter("bias", [channels], 0f) : null;
    }

    /// <summary>Gets the number of channels.</summary>
    public int Channels { get; }

    /// <summary>Gets what is added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>Gets the weight, (C), or null.</summary>
    public Parameter? Weight { get; }

    /// <summary>Gets the bias, (C), or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes or channels of <paramref name="x"/> do not fit, or a sample has but one place.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        if (shape.Rank == Rank - 1)
        {
            return Forward(x.Reshape(BatchAxis.Add(shape))).Reshape(shape);
        }

        Check(shape, withBatch: true);
        return shape.Product(2, shape.Rank) == 1
            ? throw new ShapeException($"{this}: expected more than one place to take statistics of, got input of shape {shape}.")
            : GroupNormOperation.Apply(x, Channels, Weight, Bias, Epsilon, silu: false);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, withBatch: false);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Channels}{(Weight is null ? ", no weight" : string.Empty)})";

    /// <summary>Gets the number of axes of a batch.</summary>
    private protected abstract int Rank { get; }

    /// <summary>Refuses an input that does not fit.</summary>
    private protected abstract void Check(in Shape shape, bool withBatch);
}
