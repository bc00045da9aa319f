using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>A use of an operator.</summary>
/// <param name="Domain">The operator's domain.</param>
/// <param name="Type">The operator.</param>
/// <param name="Inputs">Its inputs; null for one that is left out.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record OnnxNodeCase(string Domain, string Type, OnnxValue?[] Inputs, params (string Name, object Value)[] Attributes)
{
    /// <summary>How many outputs are compared.</summary>
    public int OutputCount { get; init; } = 1;

    /// <summary>How far apart floats may be, beside a ten-thousandth of their value.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>How far apart integers may be: onnxruntime's fast kernels round some ties the other way.</summary>
    public int Steps { get; init; }

    public static OnnxNodeCase Of(string type, OnnxValue?[] inputs, params (string Name, object Value)[] attributes) => new(string.Empty, type, inputs, attributes);

    public static OnnxNodeCase Runtime(string type, OnnxValue?[] inputs, params (string Name, object Value)[] attributes) => new("com.microsoft", type, inputs, attributes);

    public override string ToString() =>
        $"{Type}({string.Join(", ", Inputs.Select(static input => input?.ToString() ?? "none"))}; {string.Join(", ", Attributes.Select(static pair => $"{pair.Name}={Print(pair.Value)}"))})";

    private static string Print(object value) => value is Array many ? $"[{string.Join(' ', many.Cast<object>())}]" : $"{value}";
}
