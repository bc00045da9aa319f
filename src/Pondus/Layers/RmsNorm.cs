namespace Pondus.Layers;

/// <summary>Divides the values of each sample, or of each of its places, by their root mean square, then scales them.</summary>
/// <remarks>
/// <para>Formula: y = x / sqrt(mean(x^2) + epsilon) weight, over the last axes.</para>
/// <para>Shape: any whose last axes are those normalized, unchanged. Parameter: <c>weight</c>, of the normalized sizes; it starts at 1.</para>
/// <para>Differs: PyTorch takes 1.2e-7 for epsilon unless told otherwise; published networks take 1e-6 or 1e-5.</para>
/// <para>Source: Zhang and Sennrich 2019, arXiv:1910.07467.</para>
/// </remarks>
public sealed class RmsNorm : Layer
{
    private readonly Shape _sizes;

    /// <summary>Makes the layer.</summary>
    /// <param name="sizes">Sizes of the axes that are normalized together, the last ones of the input.</param>
    /// <param name="epsilon">Added to the mean square, above 0.</param>
    /// <param name="useWeight">Whether there is a weight.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not above 0, or there are no sizes.</exception>
    public RmsNorm(Shape sizes, float epsilon = 1e-6f, bool useWeight = true)
    {
        _sizes = NormSettings.CheckSizes(nameof(RmsNorm), sizes);
        Epsilon = NormSettings.CheckEpsilon(nameof(RmsNorm), epsilon);
        Weight = useWeight ? AddParameter("weight", sizes, 1f) : null;
    }

    /// <summary>Gets the sizes of the axes that are normalized together.</summary>
    public Shape Sizes => _sizes;

    /// <summary>Gets what is added to the mean square.</summary>
    public float Epsilon { get; }

    /// <summary>Gets the weight, or null.</summary>
    public Parameter? Weight { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axes of <paramref name="x"/> are not those of the layer.</exception>
    public override Tensor Forward(Tensor x)
    {
        NormSettings.CheckLastAxes(this, x.Shape, _sizes);
        return RowNormOperation.Apply(x, _sizes.Count, Weight, bias: null, Epsilon, center: false);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        NormSettings.CheckLastAxes(this, input, _sizes);
        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"RmsNorm({NormSettings.Print(_sizes)}{(Weight is null ? ", no weight" : string.Empty)})";
}
