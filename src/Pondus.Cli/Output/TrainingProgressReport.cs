namespace Pondus.Cli.Output;

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The epoch under way or just ended, from 1.</param>
/// <param name="Epochs">Number of epochs, or 0 when steps end the training.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Number of steps, or 0 when it is not known.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="ValidationLoss">Loss of the validation part at the end of an epoch, else null.</param>
/// <param name="Metric">The first metric at the end of an epoch, else null.</param>
/// <param name="SamplesPerSecond">Samples trained on per second.</param>
internal readonly record struct TrainingProgressReport(
    int Epoch,
    int Epochs,
    long Step,
    long Steps,
    double Loss,
    double? ValidationLoss,
    double? Metric,
    double SamplesPerSecond);
