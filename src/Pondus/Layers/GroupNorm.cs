namespace Pondus.Layers;

/// <summary>Group norm: within each sample, groups of channels are brought to mean 0 and variance 1 over their channels and places; each channel is then scaled and shifted.</summary>
/// <remarks>
/// <para>Formula: y = (x - mean) / sqrt(variance + epsilon) weight + bias; the variance divides by the number of values of the group.</para>
/// <para>Shape: (batch, C, ...), unchanged. Parameters: <c>weight</c>, <c>bias</c> (C), from 1 and 0.</para>
/// <para>A <see cref="Silu"/> behind it in a <see cref="Sequential"/> is computed together with it; the numbers are the same.</para>
/// <para>Source: Wu and He 2018, arXiv:1803.08494.</para>
/// </remarks>
public sealed class GroupNorm : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="groups">Number of groups, at least 1; divides the channels.</param>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="affine">Whether there are a weight and a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public GroupNorm(int groups, int channels, float epsilon = 1e-5f, bool affine = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (channels % groups != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"GroupNorm: expected groups that divide {channels} channels, got {groups}.");
        }

        Groups = groups;
        Channels = channels;
        Epsilon = NormSettings.CheckEpsilon(nameof(GroupNorm), epsilon);
        Weight = affine ? AddParameter("weight", [channels], 1f) : null;
        Bias = affine ? AddParameter("bias", [channels], 0f) : null;
    }

    /// <summary>Gets the number of groups.</summary>
    public int Groups { get; }

    /// <summary>Gets the number of channels.</summary>
    public int Channels { get; }

    /// <summary>Gets what is added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>Gets the weight, (C), or null.</summary>
    public Parameter? Weight { get; }

    /// <summary>Gets the bias, (C), or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The channels of <paramref name="x"/> do not fit.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, silu: false);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, axis: 0);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"GroupNorm({Groups}, {Channels}{(Weight is null ? ", no weight" : string.Empty)})";

    /// <summary>The layer and the SiLU behind it in one pass over memory.</summary>
    internal Tensor Forward(Tensor x, bool silu)
    {
        Check(x.Shape, axis: 1);
        return GroupNormOperation.Apply(x, Groups, Weight, Bias, Epsilon, silu);
    }

    private void Check(in Shape shape, int axis)
    {
        if (shape.Rank <= axis || shape[axis] != Channels)
        {
            throw new ShapeException($"{this}: expected input of shape ({(axis > 0 ? "batch, " : string.Empty)}{Channels}, ...), got {shape}.");
        }
    }
}
