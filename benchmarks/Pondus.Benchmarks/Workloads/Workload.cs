using Pondus.Data;
using Pondus.Losses;
using Pondus.Optimizers;

namespace Pondus.Benchmarks.Workloads;

/// <summary>A network, its data and how it is trained: the same as in <c>peers/bench_torch.py</c>.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="BatchSize">Samples of a step.</param>
/// <param name="StepsPerTime">Steps that one timed unit holds: 1, or an epoch where steps are short and shuffled as a whole.</param>
/// <param name="Load">Makes or reads the samples.</param>
/// <param name="Build">Makes the network; its parameters are named as in the peer's check.</param>
/// <param name="MakeLoss">Makes the loss.</param>
/// <param name="MakeOptimizer">Makes the optimizer.</param>
internal sealed record Workload(
    string Name,
    int BatchSize,
    int StepsPerTime,
    Func<Dataset> Load,
    Func<Layer> Build,
    Func<Loss> MakeLoss,
    Func<Layer, Optimizer> MakeOptimizer)
{
    /// <summary>Gets the widths from input to output of a perceptron; empty for other networks.</summary>
    public int[] Sizes { get; init; } = [];

    /// <summary>Gets the optimizer for the comparison of losses, where it is not the one that is timed.</summary>
    public Func<Layer, Optimizer>? MakeCheckOptimizer { get; init; }

    /// <summary>Gets what reads the samples that accuracy is measured on; null where none is.</summary>
    public Func<Dataset>? LoadTest { get; init; }

    /// <summary>Gets the floating-point operations of a sample in one step of a perceptron: forward, and backward to all but the input.</summary>
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
}
