namespace Pondus.Layers;

/// <summary>What an <see cref="Lstm"/> carries from step to step.</summary>
/// <param name="Hidden">Hidden states, (layers directions, batch, hidden).</param>
/// <param name="Cell">Cell states, of the same shape.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);
