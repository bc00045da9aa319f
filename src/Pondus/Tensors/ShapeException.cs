namespace Pondus;

/// <summary>A tensor has other sizes than an operation or layer needs.</summary>
/// <param name="message">Who, expected, got, cure.</param>
public sealed class ShapeException(string message) : ArgumentException(message);
