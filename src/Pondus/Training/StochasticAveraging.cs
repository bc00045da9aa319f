namespace Pondus.Training;

/// <summary>The plain mean of the weights at the ends of epochs (SWA).</summary>
/// <remarks>Running statistics are estimated anew for the mean, by one pass over the training data. Source: Izmailov et al. 2018, arXiv:1803.05407, algorithm 1.</remarks>
/// <param name="FromEpoch">The first epoch that counts, from 1.</param>
public sealed record StochasticAveraging(int FromEpoch) : WeightAveraging;
