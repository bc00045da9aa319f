using Pondus.Initializers;

namespace Pondus.Networks;

/// <summary>A linear map whose weight is stored (in, out), as GPT-2's files have it: the product reads it so, and nothing is ever transposed.</summary>
internal sealed class GptProjection : Module, ILowRankTarget
{
    public GptProjection(int inputs, int outputs, float deviation, bool useBias, RandomSource random)
    {
        Parameter weight = AddParameter("weight", [inputs, outputs], new Normal(0f, deviation), random);
        Weights = new LinearWeights(weight, useBias ? AddParameter("bias", [outputs], 0f) : null, inputsFirst: true);
    }

    /// <summary>Gets the weight and bias.</summary>
    public LinearWeights Weights { get; }

    /// <inheritdoc/>
    void ILowRankTarget.Attach(LowRankAdapter? adapter) => AttachAdapter(Weights, adapter);
}
