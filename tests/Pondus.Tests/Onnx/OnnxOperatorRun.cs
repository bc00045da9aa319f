using System.Text;
using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>Calls one operator without a graph.</summary>
internal static class OnnxOperatorRun
{
    private static readonly OnnxOperators s_operators = new();

    public static OnnxValue?[] All(string type, OnnxValue?[] inputs, params (string Name, object Value)[] attributes) => All(type, 21, inputs, attributes);

    public static OnnxValue?[] All(string type, long opset, OnnxValue?[] inputs, params (string Name, object Value)[] attributes)
    {
        int dot = type.LastIndexOf('.');
        (string domain, string name) = dot < 0 ? (string.Empty, type) : (type[..dot], type[(dot + 1)..]);
        OnnxNode node = new() { OpType = name, Domain = domain, Outputs = ["y"], Attributes = [.. attributes.Select(static pair => Attribute(pair.Name, pair.Value))] };
        return s_operators.Find(domain, name)!(new OnnxCall(node, opset, inputs));
    }

    public static OnnxValue One(string type, OnnxValue?[] inputs, params (string Name, object Value)[] attributes) => All(type, inputs, attributes)[0]!;

    private static OnnxAttribute Attribute(string name, object value) => value switch
    {
        int number => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Int, Int = number },
        float number => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Float, Float = number },
        string text => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.String, Bytes = Encoding.UTF8.GetBytes(text) },
        long[] numbers => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Ints, Ints = numbers },
        float[] numbers => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Floats, Floats = numbers },
        string[] texts => new OnnxAttribute { Name = name, Kind = OnnxAttributeKind.Strings, Strings = Array.ConvertAll(texts, Encoding.UTF8.GetBytes) },
        _ => throw new ArgumentException($"expected a kind of attribute that is known, got {value.GetType().Name}", nameof(value)),
    };
}
