namespace Pondus.Training;

/// <summary>What a learning-rate range test found.</summary>
/// <param name="Rates">Learning rate of each step.</param>
/// <param name="Losses">Loss of each step, before it.</param>
/// <param name="Smoothed">Running mean of the losses.</param>
/// <param name="Suggestion">The rate at which the smoothed loss falls fastest, or null when it does not fall.</param>
public sealed record LearningRateCurve(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses, IReadOnlyList<double> Smoothed, double? Suggestion);
