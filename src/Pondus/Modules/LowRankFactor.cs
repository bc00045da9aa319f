namespace Pondus;

/// <summary>One of the two matrices of a map of low rank: y = x Wᵀ.</summary>
internal sealed class LowRankFactor : Module
{
    private readonly LinearWeights _weights;

    public LowRankFactor(int outputs, int inputs, Initializer? initializer, RandomSource random)
    {
        Weight = initializer is null ? AddParameter("weight", [outputs, inputs], 0f) : AddParameter("weight", [outputs, inputs], initializer, random);
        _weights = new LinearWeights(Weight, null);
    }

    /// <summary>Gets the matrix, (out, in).</summary>
    public Parameter Weight { get; }

    public Tensor Forward(Tensor x) => _weights.Apply(x);
}
