namespace Pondus.Training;

/// <summary>Stops when the validation loss has not improved for a while.</summary>
/// <param name="Patience">Epochs without improvement, at least 1.</param>
/// <param name="MinimumDelta">How much lower counts as an improvement, at least 0.</param>
public sealed record EarlyStopping(int Patience = 5, double MinimumDelta = 0);
