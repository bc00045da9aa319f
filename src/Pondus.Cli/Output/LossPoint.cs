namespace Pondus.Cli.Output;

/// <summary>The losses of an epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">Loss of the training part.</param>
/// <param name="ValidationLoss">Loss of the validation part, if there is one.</param>
internal readonly record struct LossPoint(int Epoch, double Loss, double? ValidationLoss);
