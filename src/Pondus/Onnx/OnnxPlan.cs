using System.Collections.Concurrent;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>A graph that is ready to be run: operators found, last uses known, given tensors read.</summary>
internal sealed class OnnxPlan
{
    private static readonly HashSet<string> s_random = new(StringComparer.Ordinal)
    {
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "Dropout",
    };

    private readonly ConcurrentDictionary<OnnxGraph, OnnxPlan> _inner = new(ReferenceEqualityComparer.Instance);
    private readonly OnnxOperators _operators;
    private readonly OnnxTensors _tensors;

    public OnnxPlan(OnnxGraph graph, IReadOnlyDictionary<string, long> opsets, OnnxOperators operators, OnnxTensors tensors)
    {
        _operators = operators;
        _tensors = tensors;
        Graph = graph;
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            Given[tensor.Name] = tensors.Value(tensor);
        }

        foreach (OnnxSparseTensor sparse in graph.SparseInitializers)
        {
            Given[sparse.Values.Name] = OnnxTensorReader.Read(sparse);
        }

        Nodes = Compile(graph, opsets);
    }

    public OnnxGraph Graph { get; }

    /// <summary>Gets the tensors that the graph gives, by name.</summary>
    public Dictionary<string, OnnxValue> Given { get; } = new(StringComparer.Ordinal);

    public OnnxPlanNode[] Nodes { get; }

    /// <summary>Gives the plan of a graph among a node's settings, made at the first call.</summary>
    public OnnxPlan Inner(OnnxGraph graph, OnnxPlanNode node) =>
        _inner.GetOrAdd(graph, static (graph, state) => new OnnxPlan(graph, state.node.Opsets, state.plan._operators, state.plan._tensors), (plan: this, node));

    /// <summary>The names that a node uses: its inputs, and what graphs among its settings take from around them.</summary>
    public static void AddUses(OnnxNode node, HashSet<string> uses)
    {
        uses.UnionWith(node.Inputs.Where(static name => name.Length > 0));
        foreach (OnnxGraph graph in Graphs(node))
        {
            foreach (OnnxNode inner in graph.Nodes)
            {
                AddUses(inner, uses);
            }

            uses.UnionWith(graph.Outputs.Select(static output => output.Name));
        }
    }

    /// <summary>The graphs among a node's settings.</summary>
    public static IEnumerable<OnnxGraph> Graphs(OnnxNode node) =>
        node.Attributes.SelectMany(static attribute => attribute.Graph is { } one ? attribute.Graphs.Append(one) : attribute.Graphs);

    private OnnxPlanNode[] Compile(OnnxGraph graph, IReadOnlyDictionary<string, long> opsets)
    {
        HashSet<string> constants = new(Given.Where(static pair => pair.Value.Parameter is null).Select(static pair => pair.Key), StringComparer.Ordinal);
        constants.ExceptWith(graph.Inputs.Select(static input => input.Name));
        HashSet<string> used = new(graph.Outputs.Select(static output => output.Name), StringComparer.Ordinal);
        OnnxPlanNode[] nodes = new OnnxPlanNode[graph.Nodes.Count];
        bool[] isConstant = new bool[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            OnnxNode node = graph.Nodes[i];
            isConstant[i] = !s_random.Contains(node.OpType) && !_operators.IsOwn(node.Domain, node.OpType) && !Graphs(node).Any() && node.Inputs.All(name => name.Length == 0 || constants.Contains(name));
            if (isConstant[i])
            {
                constants.UnionWith(node.Outputs);
            }
        }

        int[] reluBehind = ReluBehind(graph);
        HashSet<int> taken = [.. reluBehind.Where(static index => index > 0)];
        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            OnnxNode node = graph.Nodes[i];
            HashSet<string> uses = new(StringComparer.Ordinal);
            AddUses(node, uses);
            uses.UnionWith(node.Outputs.Where(static name => name.Length > 0));
            nodes[i] = new OnnxPlanNode
            {
                Node = node,
                Operator = _operators.Find(node.Domain, node.OpType) ?? throw new OnnxException($"{node}: expected a known operator, got {node.OpType}."),
                Opsets = _tensors.OpsetsOf(node) ?? opsets,
                LastUses = [.. uses.Where(used.Add)],
                IsConstant = isConstant[i],
                Relu = reluBehind[i] > 0 ? nodes[reluBehind[i]] : null,
            };
        }

        return [.. nodes.Where((_, index) => !taken.Contains(index))];
    }

    /// <summary>For each node whose only use is a ReLU that it can compute along, the ReLU's index; else 0.</summary>
    private static int[] ReluBehind(OnnxGraph graph)
    {
        Dictionary<string, int> makers = new(StringComparer.Ordinal), useCounts = new(StringComparer.Ordinal);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            OnnxNode node = graph.Nodes[i];
            if (node is { Domain: "", OpType: "Conv" or "BatchNormalization" or "Gemm", Outputs: [{ Length: > 0 } output, ..] } && node.Outputs.Skip(1).All(static name => name.Length == 0))
            {
                makers[output] = i;
            }

            HashSet<string> uses = new(StringComparer.Ordinal);
            AddUses(node, uses);
            foreach (string name in uses)
            {
                useCounts[name] = useCounts.GetValueOrDefault(name) + 1;
            }
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            useCounts[output.Name] = useCounts.GetValueOrDefault(output.Name) + 1;
        }

        int[] behind = new int[graph.Nodes.Count];
        for (int i = 1; i < behind.Length; i++)
        {
            if (graph.Nodes[i] is { Domain: "", OpType: "Relu", Inputs: [var input] } && useCounts[input] == 1 && makers.TryGetValue(input, out int maker) && maker < i)
            {
                behind[maker] = i;
            }
        }

        return behind;
    }
}
