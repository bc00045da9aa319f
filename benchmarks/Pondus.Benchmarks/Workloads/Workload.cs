using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;

namespace Pondus.Benchmarks.Workloads;

/// <summary>A perceptron, its data and how it is trained: the same as in <c>peers/bench_torch.py</c>.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Sizes">Widths from input to output.</param>
/// <param name="BatchSize">Samples of a step.</param>
/// <param name="StepsPerTime">Steps that one timed unit holds: 1, or an epoch where steps are short and shuffled as a whole.</param>
/// <param name="Load">Makes or reads the samples.</param>
/// <param name="MakeLoss">Makes the loss.</param>
/// <param name="MakeOptimizer">Makes the optimizer.</param>
internal sealed record Workload(
    string Name,
    int[] Sizes,
    int BatchSize,
    int StepsPerTime,
    Func<Dataset> Load,
    Func<Loss> MakeLoss,
    Func<Layer, Optimizer> MakeOptimizer)
{
    /// <summary>Gets the floating-point operations of a sample in one step: forward, and backward to all but the input.</summary>
    public double WorkPerSample
    {
        get
        {
            double weights = 0;
            for (int i = 1; i < Sizes.Length; i++)
            {
                weights += (double)Sizes[i - 1] * Sizes[i];
            }

            return (6 * weights) - (2.0 * Sizes[0] * Sizes[1]);
        }
    }

    public Sequential Build()
    {
        RandomSource random = new(1);
        List<Layer> layers = [];
        for (int i = 1; i < Sizes.Length; i++)
        {
            layers.Add(new Linear(Sizes[i - 1], Sizes[i], random));
            if (i < Sizes.Length - 1)
            {
                layers.Add(new Relu());
            }
        }

        return new Sequential([.. layers]);
    }
}
