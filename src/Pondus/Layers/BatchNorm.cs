namespace Pondus.Layers;

/// <summary>What the batch norms of vectors, sequences and images share: statistics of each channel over the batch and all places.</summary>
/// <remarks>
/// <para>Formula: y = (x - mean) / sqrt(variance + epsilon) weight + bias. While training, mean and variance (divided by the count) are the batch's, and the running ones move towards them; evaluation uses the running ones.</para>
/// <para>Parameters: <c>weight</c>, <c>bias</c> (C), from 1 and 0. Buffers: <c>running_mean</c>, <c>running_var</c> (C), from 0 and 1; <c>num_batches_tracked</c>.</para>
/// <para>Differs: a batch whose statistics are not finite leaves the running ones alone.</para>
/// <para>Source: Ioffe and Szegedy 2015, arXiv:1502.03167.</para>
/// </remarks>
public abstract class BatchNorm : Layer, IReluFusing
{
    private readonly ChannelParameters? _parameters;
    private readonly RunningStatistics? _running;

    private protected BatchNorm(int channels, float epsilon, float? momentum, bool affine, bool trackRunningStatistics)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (momentum is not (null or (>= 0f and <= 1f)))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"{GetType().Name}: expected a momentum in [0, 1] or none, got {momentum}.");
        }

        Channels = channels;
        Epsilon = NormSettings.CheckEpsilon(GetType().Name, epsilon);
        Momentum = momentum;
        if (affine)
        {
            _parameters = new ChannelParameters(AddParameter("weight", [channels], 1f), AddParameter("bias", [channels], 0f));
        }

        if (trackRunningStatistics)
        {
            Parameter mean = AddBuffer("running_mean", [channels], 0f), variance = AddBuffer("running_var", [channels], 1f);
            _running = new RunningStatistics(mean, variance, AddCounter("num_batches_tracked"), momentum);
        }
    }

    /// <summary>Gets the number of channels.</summary>
    public int Channels { get; }

    /// <summary>Gets what is added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>Gets the share that a new batch has in the running statistics; null makes them the plain average of all batches.</summary>
    public float? Momentum { get; }

    /// <summary>Gets the weight, (C), or null.</summary>
    public Parameter? Weight => _parameters?.Weight;

    /// <summary>Gets the bias, (C), or null.</summary>
    public Parameter? Bias => _parameters?.Bias;

    /// <summary>Gets the running mean, (C), or null.</summary>
    public Parameter? RunningMean => _running?.Mean;

    /// <summary>Gets the running variance, (C), or null.</summary>
    public Parameter? RunningVariance => _running?.Variance;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes or channels of <paramref name="x"/> do not fit, or there is but one value a channel to train on.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, relu: false);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Check(input, withBatch: false);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Channels}{(_parameters is null ? ", no weight" : string.Empty)}{(_running is null ? ", no running statistics" : string.Empty)})";

    /// <inheritdoc/>
    Tensor IReluFusing.Forward(Tensor x, bool relu) => Forward(x, relu);

    /// <summary>The layer, then the sum with an addend unless that is null, then ReLU if it is wanted, in as few passes over memory as the layer alone takes.</summary>
    internal Tensor Forward(Tensor x, bool relu, Tensor? addend = null)
    {
        Shape shape = x.Shape;
        Check(shape, withBatch: true);
        if (shape.Count == Channels && (_running is null || PassContext.Current.IsTraining))
        {
            throw new ShapeException($"{this}: expected more than one value a channel to take statistics of, got input of shape {shape}.");
        }

        if (addend is { } added && added.Shape != shape)
        {
            throw new ShapeException($"{this}: expected an addend of shape {shape}, got {added.Shape}.");
        }

        return BatchNormOperation.Apply(x, _parameters, _running, Epsilon, addend, relu);
    }

    /// <summary>Refuses an input that does not fit.</summary>
    private protected abstract void Check(in Shape shape, bool withBatch);
}
