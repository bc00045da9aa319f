namespace Pondus;

/// <summary>What is added to a frozen linear map: another one of low rank.</summary>
/// <remarks>
/// <para>Formula: (alpha / rank) x Aᵀ Bᵀ. A starts as PyTorch starts a linear layer, B with zeros, so nothing changes before the first step.</para>
/// <para>Shape: x (..., in) to (..., out). Parameters: <c>lora_A.weight</c> (rank, in), <c>lora_B.weight</c> (out, rank).</para>
/// <para>Source: Hu et al. 2021, arXiv:2106.09685; names and start of PEFT.</para>
/// </remarks>
internal sealed class LowRankAdapter
{
    public LowRankAdapter(int inputs, int outputs, int rank, double alpha, RandomSource random)
    {
        Scale = (float)(alpha / rank);
        Down = new LowRankFactor(rank, inputs, new UniformFanIn(inputs), random);
        Up = new LowRankFactor(outputs, rank, initializer: null, random);
    }

    public float Scale { get; }

    /// <summary>Gets A.</summary>
    public LowRankFactor Down { get; }

    /// <summary>Gets B.</summary>
    public LowRankFactor Up { get; }

    public Tensor Forward(Tensor x) => Up.Forward(Down.Forward(x)) * Scale;

    /// <summary>Adds the product to the weight that it stands beside.</summary>
    public void MergeInto(LinearWeights weights)
    {
        Span<float> values = weights.Weight.Writable();
        ReadOnlySpan<float> a = Down.Weight.Values, b = Up.Weight.Values;
        int inputs = weights.Inputs, outputs = weights.Outputs, rank = Down.Weight.Shape[0];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0;
                for (int r = 0; r < rank; r++)
                {
                    sum += (double)b[(o * rank) + r] * a[(r * inputs) + i];
                }

                values[weights.InputsFirst ? (i * outputs) + o : (o * inputs) + i] += (float)(Scale * sum);
            }
        }

        weights.Weight.MarkChanged();
    }
}
