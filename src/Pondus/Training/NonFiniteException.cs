namespace Pondus.Training;

/// <summary>A number that training depends on became NaN or infinite.</summary>
/// <param name="message">Which number, at which step, and what may help.</param>
public sealed class NonFiniteException(string message) : ArithmeticException(message);
