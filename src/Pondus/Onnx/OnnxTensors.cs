using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>The tensors that a network gives its graphs, and what it knows of their nodes.</summary>
internal sealed class OnnxTensors(Dictionary<OnnxNode, IReadOnlyDictionary<string, long>> opsets)
{
    private readonly Dictionary<OnnxTensor, OnnxValue> _values = new(ReferenceEqualityComparer.Instance);

    public void Add(OnnxTensor tensor, OnnxValue value) => _values[tensor] = value;

    public OnnxValue Value(OnnxTensor tensor) => _values.TryGetValue(tensor, out OnnxValue? value) ? value : OnnxTensorReader.Read(tensor);

    public IReadOnlyDictionary<string, long>? OpsetsOf(OnnxNode node) => opsets.GetValueOrDefault(node);
}
