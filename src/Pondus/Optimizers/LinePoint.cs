namespace Pondus.Optimizers;

/// <summary>A place on a line search's line.</summary>
/// <param name="At">How far along the direction.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="Slope">The derivative of the loss along the direction.</param>
/// <param name="Gradient">The gradient there.</param>
internal readonly record struct LinePoint(double At, double Loss, double Slope, float[] Gradient);
