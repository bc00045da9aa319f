using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Puts the nodes of a model's functions where they are called, under names of their own.</summary>
internal sealed class OnnxInliner
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 1_000_000;

    private readonly Dictionary<(string, string, string), OnnxFunction> _functions = [];
    private int _calls;
    private int _nodes;

    public OnnxInliner(OnnxModel model)
    {
        foreach (OnnxFunction function in model.Functions)
        {
            _functions[(function.Domain, function.Name, function.Overload)] = function;
        }
    }

    /// <summary>Gets the versions of operator sets of nodes that came from functions.</summary>
    public Dictionary<OnnxNode, IReadOnlyDictionary<string, long>> Opsets { get; } = new(ReferenceEqualityComparer.Instance);

    public OnnxGraph Inline(OnnxGraph graph) => _functions.Count == 0 ? graph : Inline(graph, null, 0);

    private OnnxGraph Inline(OnnxGraph graph, Call? call, int depth)
    {
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            Add(node, call, depth, nodes);
        }

        return call is null
            ? graph with { Nodes = nodes }
            : graph with
            {
                Nodes = nodes,
                Initializers = [.. graph.Initializers.Select(tensor => tensor with { Name = call.Rename(tensor.Name) })],
                SparseInitializers = [.. graph.SparseInitializers.Select(sparse => sparse with { Values = sparse.Values with { Name = call.Rename(sparse.Values.Name) } })],
                Inputs = [.. graph.Inputs.Select(input => input with { Name = call.Rename(input.Name) })],
                Outputs = [.. graph.Outputs.Select(output => output with { Name = call.Rename(output.Name) })],
            };
    }

    private void Add(OnnxNode node, Call? call, int depth, List<OnnxNode> nodes)
    {
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new OnnxException($"{node}: expected functions that call each other at most {MaxDepth} deep, and {MaxNodes} nodes in all, got more.");
        }

        OnnxNode resolved = node with
        {
            Inputs = call is null ? node.Inputs : [.. node.Inputs.Select(call.Rename)],
            Outputs = call is null ? node.Outputs : [.. node.Outputs.Select(call.Rename)],
            Attributes = [.. node.Attributes.Select(attribute => Resolve(attribute, call, depth)).OfType<OnnxAttribute>()],
        };
        if (!_functions.TryGetValue((node.Domain, node.OpType, node.Overload), out OnnxFunction? function))
        {
            nodes.Add(resolved);
            if (call is not null)
            {
                Opsets[resolved] = call.Function.Opsets;
            }

            return;
        }

        Call inner = new(function, resolved, $"{function.Name}.{_calls++}/");
        foreach (OnnxNode part in function.Nodes)
        {
            Add(part, inner, depth + 1, nodes);
        }

        // An output that is an input as it is has no node that would make it.
        foreach ((string name, string outer) in function.Outputs.Zip(resolved.Outputs).Where(pair => function.Inputs.Contains(pair.First, StringComparer.Ordinal)))
        {
            nodes.Add(new OnnxNode { OpType = "Identity", Inputs = [inner.InputOf(name)], Outputs = [outer] });
        }
    }

    private OnnxAttribute? Resolve(OnnxAttribute attribute, Call? call, int depth)
    {
        if (call is not null && attribute.Reference is { Length: > 0 } reference)
        {
            OnnxAttribute? given = call.Node.Find(reference) ?? call.Function.Defaults.FirstOrDefault(item => item.Name == reference);
            return given is null ? null : given with { Name = attribute.Name };
        }

        return attribute.Graph is null && attribute.Graphs.Count == 0
            ? attribute
            : attribute with
            {
                Graph = attribute.Graph is { } graph ? Inline(graph, call, depth + 1) : null,
                Graphs = [.. attribute.Graphs.Select(item => Inline(item, call, depth + 1))],
            };
    }

    /// <summary>A function at one of its calls: which names inside stand for which outside.</summary>
    private sealed class Call
    {
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
        private readonly string _prefix;

        public Call(OnnxFunction function, OnnxNode node, string prefix)
        {
            Function = function;
            Node = node;
            _prefix = prefix;
            for (int i = 0; i < function.Outputs.Count; i++)
            {
                _names[function.Outputs[i]] = i < node.Outputs.Count && node.Outputs[i].Length > 0 ? node.Outputs[i] : prefix + function.Outputs[i];
            }

            for (int i = 0; i < function.Inputs.Count; i++)
            {
                _names[function.Inputs[i]] = i < node.Inputs.Count ? node.Inputs[i] : string.Empty;
            }
        }

        public OnnxFunction Function { get; }

        public OnnxNode Node { get; }

        public string Rename(string name) => name.Length == 0 ? name : _names.TryGetValue(name, out string? outer) ? outer : _prefix + name;

        public string InputOf(string name) => _names[name];
    }
}
