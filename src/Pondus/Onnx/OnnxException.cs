namespace Pondus.Onnx;

/// <summary>A graph cannot be run: an operator is unknown, or got what it cannot take.</summary>
/// <param name="message">Which node and operator, what was expected, what was found.</param>
/// <param name="cause">What went wrong below, if anything.</param>
public sealed class OnnxException(string message, Exception? cause = null) : Exception(message, cause);
