namespace Pondus.Onnx;

/// <summary>Computes an operator.</summary>
/// <param name="call">Inputs and settings.</param>
/// <returns>The outputs in the operator's order; null for one that was not computed because nobody asked.</returns>
public delegate OnnxValue?[] OnnxOperator(OnnxCall call);
