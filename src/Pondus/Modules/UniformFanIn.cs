namespace Pondus;

/// <summary>Uniform within plus or minus 1/sqrt(fan-in): the start that PyTorch gives to linear and convolution layers.</summary>
/// <param name="fanIn">Fan-in, at least 1.</param>
/// <remarks>Source: He et al. 2015, arXiv:1502.01852, equation 14 with slope sqrt(5).</remarks>
internal sealed class UniformFanIn(int fanIn) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        float bound = 1f / MathF.Sqrt(fanIn);
        random.FillUniform(values, -bound, bound);
    }

    /// <inheritdoc/>
    public override string ToString() => "UniformFanIn";
}
