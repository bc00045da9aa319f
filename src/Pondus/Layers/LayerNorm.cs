namespace Pondus.Layers;

/// <summary>Normalizes the values of each sample, or of each of its places, to mean 0 and variance 1, then scales and shifts them.</summary>
/// <remarks>
/// <para>Formula: y = (x - mean) / sqrt(variance + epsilon) weight + bias, over the last axes; the variance divides by their number of values.</para>
/// <para>Shape: any whose last axes are those normalized, unchanged. Parameters: <c>weight</c>, <c>bias</c>, of the normalized sizes; they start at 1 and 0.</para>
/// <para>Source: Ba, Kiros and Hinton 2016, arXiv:1607.06450.</para>
/// </remarks>
public sealed class LayerNorm : Layer
{
    private readonly Shape _sizes;

    /// <summary>Makes the layer.</summary>
    /// <param name="sizes">Sizes of the axes that are normalized together, the last ones of the input.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    /// <param name="useWeight">Whether there is a weight.</param>
    /// <param name="useBias">Whether there is a bias; without a weight there is none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not above 0, or there are no sizes.</exception>
    public LayerNorm(Shape sizes, float epsilon = 1e-5f, bool useWeight = true, bool useBias = true)
    {
        _sizes = NormSettings.CheckSizes(nameof(LayerNorm), sizes);
        Epsilon = NormSettings.CheckEpsilon(nameof(LayerNorm), epsilon);
        Weight = useWeight ? AddParameter("weight", sizes, 1f) : null;
        Bias = useWeight && useBias ? AddParameter("bias", sizes, 0f) : null;
    }

    /// <summary>Gets the sizes of the axes that are normalized together.</summary>
    public Shape Sizes => _sizes;

    /// <summary>Gets what is added to the variance.</summary>
    public float Epsilon { get; }

    /// <summary>Gets the weight, or null.</summary>
    public Parameter? Weight { get; }

    /// <summary>Gets the bias, or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axes of <paramref name="x"/> are not those of the layer.</exception>
    public override Tensor Forward(Tensor x)
    {
        NormSettings.CheckLastAxes(this, x.Shape, _sizes);
        return RowNormOperation.Apply(x, _sizes.Count, Weight, Bias, Epsilon, center: true);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        NormSettings.CheckLastAxes(this, input, _sizes);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"LayerNorm({NormSettings.Print(_sizes)}{(Weight is null ? ", no weight" : Bias is null ? ", no bias" : string.Empty)})";
}
