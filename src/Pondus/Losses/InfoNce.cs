using System.Buffers;

namespace Pondus.Losses;

/// <summary>Contrastive loss: each vector must find its partner among all partners of the batch.</summary>
/// <remarks>
/// <para>Formula: L = -mean over i of log(e^(s_ii / τ) / Σ_j e^(s_ij / τ)) with the cosine s_ij of first i and second j; symmetric adds the same from second to first and halves.</para>
/// <para>Shape: (N, D) twice; row i of the one is the partner of row i of the other. Unit: nats; log N when nothing is learned.</para>
/// <para>Source: van den Oord, Li and Vinyals 2018, arXiv:1807.03748, equation 4; symmetric as Radford et al. 2021, arXiv:2103.00020, figure 3.</para>
/// </remarks>
/// <param name="temperature">τ, above 0.</param>
/// <param name="symmetric">Whether the second also looks for the first.</param>
public sealed class InfoNce(float temperature = 0.1f, bool symmetric = false)
{
    /// <summary>Gets the temperature τ.</summary>
    public float Temperature { get; } = LossReductions.Positive(temperature, nameof(temperature), nameof(InfoNce));

    /// <summary>Gets a value indicating whether the second also looks for the first.</summary>
    public bool Symmetric { get; } = symmetric;

    /// <summary>Computes the loss.</summary>
    /// <param name="first">Vectors of any length above 0.</param>
    /// <param name="second">Their partners.</param>
    /// <returns>A single number.</returns>
    public Tensor Forward(Tensor first, Tensor second)
    {
        CheckPairs(first, second, nameof(InfoNce));
        Tensor scores = Unit(first).MatMul(Unit(second), transposeRight: true) * (1f / Temperature);
        Tensor loss = AtPartner(scores, 0);
        return Symmetric ? (loss + AtPartner(scores.Transpose(), 0)) * 0.5f : loss;
    }

    /// <summary>Scales vectors to length 1.</summary>
    internal static Tensor Unit(Tensor x)
    {
        // As PyTorch's normalize: a length below 1e-12 counts as that.
        Tensor length = x.Square().Sum(-1, keepAxis: true).Maximum(LossReductions.Number(1e-24f)).SquareRoot();
        return x / length;
    }

    /// <summary>Cross-entropy of rows whose label lies a distance further on, around the end.</summary>
    internal static Tensor AtPartner(Tensor scores, int distance)
    {
        int count = scores.Shape[0];
        int[] rented = ArrayPool<int>.Shared.Rent(count);
        for (int i = 0; i < count; i++)
        {
            rented[i] = (i + distance) % count;
        }

        Tensor loss = CrossEntropyOperation.Apply(scores, rented.AsSpan(0, count), null, 0f, nameof(InfoNce));
        ArrayPool<int>.Shared.Return(rented);
        return loss;
    }

    /// <summary>Refuses what are no pairs of vectors.</summary>
    internal static void CheckPairs(Tensor first, Tensor second, string who)
    {
        LossReductions.OneShape(first, second, who);
        if (first.Rank != 2 || first.Shape[0] == 0)
        {
            throw new ShapeException($"{who}: expected at least one vector in shape (N, D), got {first.Shape}.");
        }
    }
}
