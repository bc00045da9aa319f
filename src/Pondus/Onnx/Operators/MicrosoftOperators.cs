namespace Pondus.Onnx.Operators;

/// <summary>Operators of onnxruntime's own domain.</summary>
internal static class MicrosoftOperators
{
    internal const string Domain = "com.microsoft";
}
