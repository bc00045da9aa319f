namespace Pondus.Layers;

/// <summary>Fully connected layer: y = x Wᵀ + b.</summary>
/// <remarks>
/// <para>Shape: x (..., in) to y (..., out). Parameters: <c>weight</c> (out, in), <c>bias</c> (out).</para>
/// <para>Start: both uniform within ±1/√in unless another is given. Source: He et al. 2015, arXiv:1502.01852, with slope √5.</para>
/// </remarks>
/// <example><code source="examples/02-training-loop"/></example>
public sealed class Linear : Layer, IReluFusing, ILowRankTarget
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last axis, at least 1.</param>
    /// <param name="outFeatures">Size of the output's last axis, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="useBias">Whether b is there.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <param name="biasInitializer">Start of the bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Linear(int inFeatures, int outFeatures, RandomSource random, bool useBias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outFeatures, 1);
        Initializer usual = new UniformFanIn(inFeatures);
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        Weight = AddParameter("weight", [outFeatures, inFeatures], weightInitializer ?? usual, random);
        Bias = useBias ? AddParameter("bias", [outFeatures], biasInitializer ?? usual, random) : null;
        Weights = new LinearWeights(Weight, Bias);
    }

    /// <summary>Gets the size of the input's last axis.</summary>
    public int InFeatures { get; }

    /// <summary>Gets the size of the output's last axis.</summary>
    public int OutFeatures { get; }

    /// <summary>Gets the weight, (out, in).</summary>
    public Parameter Weight { get; }

    /// <summary>Gets the bias, (out), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Gets weight and bias together, as the layers take them that compute more than this one at once.</summary>
    internal LinearWeights Weights { get; }

    /// <inheritdoc/>
    LinearWeights ILowRankTarget.Weights => Weights;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of <paramref name="x"/> is not <c>in</c>.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, relu: false);

    /// <inheritdoc/>
    Tensor IReluFusing.Forward(Tensor x, bool relu) => Forward(x, relu);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        CheckInput(input, withBatch: false);
        return input.With(input.Rank - 1, OutFeatures);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Linear({InFeatures} -> {OutFeatures}{(Bias is null ? ", no bias" : string.Empty)})";

    /// <summary>The layer and the ReLU behind it in one pass over memory.</summary>
    private Tensor Forward(Tensor x, bool relu)
    {
        Shape shape = x.Shape;
        CheckInput(shape, withBatch: true);
        if (Weights.Adapter is not null)
        {
            return relu ? Weights.ApplyRelu(x) : Weights.Apply(x);
        }

        // Weights that do not change are laid out for the kernel once, which also a single row gains from.
        if (Tape.Current is { Recording: false })
        {
            return LinearOperation.ApplyPacked(x, Weights.Packed, Bias, relu);
        }

        return LinearOperation.Apply(x, Weight, Bias, relu);
    }

    /// <inheritdoc/>
    void ILowRankTarget.Attach(LowRankAdapter? adapter) => AttachAdapter(Weights, adapter);

    private void CheckInput(in Shape shape, bool withBatch)
    {
        if (shape.Rank == 0 || shape.Last != InFeatures)
        {
            int first = withBatch ? 1 : 0;
            bool flattenHelps = shape.Rank > first + 1 && shape.Product(first, shape.Rank) == InFeatures;
            throw new ShapeException($"{this}: expected input of shape (..., {InFeatures}), got {shape}.{(flattenHelps ? " Call Flatten(1) first." : string.Empty)}");
        }
    }
}
