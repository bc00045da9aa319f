namespace Pondus.Training;

/// <summary>Stops when the training loss and the weights hardly move any more.</summary>
/// <param name="LossTolerance">Largest relative change of the epoch's loss that counts as still, above 0.</param>
/// <param name="WeightTolerance">Largest relative movement of all weights over an epoch, ‖w - w₀‖ / ‖w₀‖, that counts as still, above 0.</param>
/// <param name="Patience">Still epochs in a row, at least 1.</param>
public sealed record Settling(double LossTolerance = 1e-5, double WeightTolerance = 1e-5, int Patience = 3);
