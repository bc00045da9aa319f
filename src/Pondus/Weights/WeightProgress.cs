namespace Pondus.Weights;

/// <summary>How far work on the tensors of a file is.</summary>
/// <param name="Stage">What is being done, such as <c>comparing</c>.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct WeightProgress(string Stage, long Done, long Total);
