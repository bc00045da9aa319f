using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Export;

/// <summary>The graph of one pass through a network, as its operations describe it.</summary>
internal sealed class TracedGraph : GraphSketch
{
    private readonly Node _input;
    private readonly Dictionary<Node, string> _names = [];
    private readonly Dictionary<Parameter, string> _parameters;
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken;
    private bool _isUsedAsNumbers;

    private TracedGraph(Module network, Node input)
    {
        _input = input;
        _parameters = network.NamedParameters().Concat(network.NamedBuffers()).DistinctBy(static p => p.Parameter).ToDictionary(static p => p.Parameter, static p => p.Name);
        // A network that was imported may have weights of such names.
        _taken = new(_parameters.Values, StringComparer.Ordinal);
    }

    /// <summary>Gets the operators, in an order in which they can be computed.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    /// <summary>Gets parameters and constants.</summary>
    public IReadOnlyCollection<OnnxTensor> Constants => _constants.Values;

    /// <summary>Gets the name of the result.</summary>
    public string Output { get; private set; } = string.Empty;

    /// <summary>Gets the sizes of the result.</summary>
    public Shape OutputShape { get; private set; }

    /// <summary>Gets a value indicating whether the input is tokens, which are whole numbers.</summary>
    public bool TakesTokens { get; private set; }

    /// <summary>Runs a network on a batch of zeros and writes down what it computes.</summary>
    public static TracedGraph Of(Layer network, Func<Tensor, Tensor>? prepare, in Shape input)
    {
        Tape? outer = Tape.Current;
        Tape tape = new() { Recording = true, Traces = true };
        tape.Begin(PassContext.Evaluation);
        try
        {
            Tensor x = new Tensor(Tape.Constant(input)).WithGradient();
            Node start = x.Use();
            start.Span.Clear();
            Tensor y = network.Forward(prepare?.Invoke(x) ?? x);
            TracedGraph graph = new(network, start);
            graph.Describe(tape, y.Use());
            return graph;
        }
        finally
        {
            tape.End(outer);
        }
    }

    public override string Of(Node node)
    {
        if (_names.TryGetValue(node, out string? name))
        {
            return name;
        }

        if (node == _input)
        {
            _isUsedAsNumbers = true;
            return OnnxExport.InputName;
        }

        return _names[node] = node.Parameter is { } parameter && _parameters.TryGetValue(parameter, out string? known)
            ? Constant(node.SafeSpan(), node.Shape.AsSpan(), known is OnnxExport.InputName or OnnxExport.OutputName ? null : known)
            : Leaf(new Tensor(node).Use());
    }

    public override string Constant(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, string? name = null)
    {
        if (name is not null && _constants.ContainsKey(name))
        {
            return name;
        }

        long[] sizes = new long[shape.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = shape[i];
        }

        return Add(OnnxType.Float, "float32", sizes, MemoryMarshal.AsBytes(values).ToArray(), name);
    }

    public override string Integers(params ReadOnlySpan<long> values) => Add(OnnxType.Int64, "int64", [values.Length], MemoryMarshal.AsBytes(values).ToArray(), name: null);

    public override string Emit(string type, ReadOnlySpan<string> inputs, ReadOnlySpan<SketchAttribute> attributes = default, int outputs = 1, int taken = 0)
    {
        string name = Fresh(type);
        string[] results = [.. Enumerable.Range(0, outputs).Select(i => i == taken ? name : string.Empty)];
        Nodes.Add(new OnnxNode { Name = name, OpType = type, Inputs = inputs.ToArray(), Outputs = results[..(taken + 1)], Attributes = [.. attributes.ToArray().Select(Attribute)] });
        return name;
    }

    public override string Tokens(Node indices)
    {
        if (indices == _input)
        {
            TakesTokens = true;
            return OnnxExport.InputName;
        }

        return Emit("Cast", [Of(indices)], [new("to", (long)OnnxType.Int64)]);
    }

    // What a network made for itself, such as zeros beside its input: repeated for each sample where it is as long as the batch and the same for all.
    private string Leaf(Node node)
    {
        int batch = _input.Shape[0], each = node.Shape.Rank > 0 && node.Shape[0] == batch ? node.Count / batch : 0;
        for (int i = 1; each > 0 && i < batch; i++)
        {
            each = node.Span.Slice(i * each, each).SequenceEqual(node.Span[..each]) ? each : 0;
        }

        if (each == 0)
        {
            return Constant(node.Span, node.Shape.AsSpan());
        }

        string one = Constant(node.Span[..each], node.Shape.With(0, 1).AsSpan());
        string samples = Emit("Slice", [Emit("Shape", OnnxExport.InputName), Integers(0), Integers(1)]);
        long[] rest = Array.ConvertAll(node.Shape.AsSpan()[1..].ToArray(), static size => (long)size);
        return Emit("Expand", [one, rest.Length == 0 ? samples : Emit("Concat", [samples, Integers(rest)], [new("axis", 0L)])]);
    }

    private static OnnxAttribute Attribute(SketchAttribute attribute) => attribute.Value switch
    {
        long value => new() { Name = attribute.Name, Kind = OnnxAttributeKind.Int, Int = value },
        float value => new() { Name = attribute.Name, Kind = OnnxAttributeKind.Float, Float = value },
        long[] value => new() { Name = attribute.Name, Kind = OnnxAttributeKind.Ints, Ints = value },
        string value => new() { Name = attribute.Name, Kind = OnnxAttributeKind.String, Bytes = Encoding.UTF8.GetBytes(value) },
        string[] value => new() { Name = attribute.Name, Kind = OnnxAttributeKind.Strings, Strings = Array.ConvertAll(value, Encoding.UTF8.GetBytes) },
        _ => throw new InvalidOperationException($"attribute '{attribute.Name}': expected a number or a text, got {attribute.Value.GetType().Name}."),
    };

    // Every operation that cannot be written is named at once.
    private void Describe(Tape tape, Node output)
    {
        HashSet<Node> wanted = Behind(output);
        SortedSet<string> unknown = new(StringComparer.Ordinal);
        foreach (Node? node in tape.Nodes)
        {
            if (node is null || !wanted.Contains(node) || node.Operation is null)
            {
                continue;
            }

            try
            {
                _names[node] = unknown.Count == 0 ? node.Operation.Describe(this, node) : string.Empty;
            }
            catch (NotSupportedException error)
            {
                unknown.Add(error.Message);
            }
        }

        if (unknown.Count > 0)
        {
            throw new NotSupportedException($"ONNX: expected operations that the format has, got {string.Join(", ", unknown)}.");
        }

        if (TakesTokens && _isUsedAsNumbers)
        {
            throw new NotSupportedException("ONNX: expected an input that is either tokens or numbers, got one that is used as both.");
        }

        Output = Of(output);
        OutputShape = output.Shape;
    }

    // What leads to the result; a network may compute more, such as shapes it only looks at.
    private static HashSet<Node> Behind(Node output)
    {
        HashSet<Node> found = [];
        Stack<Node> open = new([output]);
        while (open.TryPop(out Node? node))
        {
            if (found.Add(node))
            {
                foreach (Node? input in new[] { node.A, node.B, node.C, node.State.Object as Node }.Concat(node.Inputs ?? []))
                {
                    if (input is not null)
                    {
                        open.Push(input);
                    }
                }
            }
        }

        return found;
    }

    private string Add(OnnxType type, string dataType, long[] sizes, byte[] bytes, string? name)
    {
        // The same number is often wanted again. Shapes are not: equal ones may differ in another batch.
        string? key = name is null && type == OnnxType.Float && bytes.Length <= 64 ? $"{type}:{string.Join(',', sizes)}:{Convert.ToHexString(bytes)}" : null;
        if (key is not null && _known.TryGetValue(key, out string? known))
        {
            return known;
        }

        name ??= Fresh("constant");
        _constants[name] = new OnnxTensor { Name = name, Type = type, Dims = sizes, Entry = new WeightEntry(name, dataType, sizes, bytes) };
        if (key is not null)
        {
            _known[key] = name;
        }

        return name;
    }

    private string Fresh(string stem)
    {
        string name;
        do
        {
            int count = _counts[stem] = _counts.GetValueOrDefault(stem) + 1;
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{count}");
        }
        while (_taken.Contains(name));
        return name;
    }
}
