namespace Pondus.Training;

/// <summary>A running mean of the weights, which forgets: a ← a + (1 - d)(w - a) after each step.</summary>
/// <remarks>Buffers such as running statistics are averaged the same way. Source: Polyak and Juditsky 1992; the rise of d as in TensorFlow's ExponentialMovingAverage.</remarks>
/// <param name="Decay">d in [0, 1).</param>
/// <param name="WarmUp">Whether d is at most (1 + n) / (10 + n) in step n, from 1, so that the start is soon forgotten.</param>
public sealed record ExponentialAveraging(double Decay = 0.999, bool WarmUp = true) : WeightAveraging;
