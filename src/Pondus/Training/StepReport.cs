namespace Pondus.Training;

/// <summary>What happened in a step, for observers.</summary>
/// <param name="Step">Number of the step, from 0.</param>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Loss">Loss of the batch, before the update and without penalties on weights.</param>
/// <param name="LearningRate">Learning rate used.</param>
/// <param name="GradientNorm">Norm of all gradients before clipping; NaN when it was not needed.</param>
public readonly record struct StepReport(long Step, long Epoch, float Loss, float LearningRate, double GradientNorm);
