namespace Pondus.Tests.Support;

/// <summary>A line that buys a layer the whole battery.</summary>
/// <param name="Make">Makes the layer.</param>
/// <param name="InputShape">Sizes of an input, the batch first.</param>
/// <param name="Printed">How the layer prints itself; names the case too.</param>
/// <param name="WrongShape">Sizes that the layer must refuse; null when it takes any.</param>
/// <param name="WrongMessage">The whole message of the refusal.</param>
/// <param name="IndexCount">Where inputs are indices: how many there are; such inputs get no gradient.</param>
public sealed record LayerCase(Func<RandomSource, Layer> Make, int[] InputShape, string Printed, int[]? WrongShape = null, string? WrongMessage = null, int? IndexCount = null);
