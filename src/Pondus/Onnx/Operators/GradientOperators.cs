using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>The gradient of a value of the graph by others (ai.onnx.preview.training, version 1).</summary>
/// <remarks>
/// The node names values of the graph around it. Before a graph is planned the nodes between them become a graph of the node's own, <see cref="Body"/>,
/// and what these nodes use besides becomes further inputs; the operator runs that graph again, recorded, and walks it back.
/// </remarks>
internal static class GradientOperators
{
    private const string Type = "Gradient";
    private const string Body = "pondus.body";

    internal static void Register(OnnxOperators table) => table.Add(TrainingOperators.Domain, Type, Run);

    /// <summary>Gives each gradient of a graph the nodes that it goes back through.</summary>
    public static OnnxGraph Prepare(OnnxGraph graph) => graph.Nodes.Any(IsGradient)
        ? graph with { Nodes = [.. graph.Nodes.Select((node, index) => IsGradient(node) ? WithBody(node, graph.Nodes.Take(index).ToArray()) : node)] }
        : graph;

    private static bool IsGradient(OnnxNode node) => node.OpType == Type && node.Domain == TrainingOperators.Domain;

    private static OnnxNode WithBody(OnnxNode node, OnnxNode[] before)
    {
        string y = node.Find("y")?.Text ?? string.Empty;
        HashSet<string> wanted = new(StringComparer.Ordinal) { y }, cut = new(node.Inputs, StringComparer.Ordinal);
        List<OnnxNode> nodes = [];
        foreach (OnnxNode candidate in before.Reverse())
        {
            if (!IsGradient(candidate) && candidate.Outputs.Any(output => wanted.Contains(output) && !cut.Contains(output)))
            {
                nodes.Add(candidate);
                OnnxPlan.AddUses(candidate, wanted);
            }
        }

        nodes.Reverse();
        HashSet<string> made = new(nodes.SelectMany(static inner => inner.Outputs), StringComparer.Ordinal);
        string[] inputs = [.. node.Inputs, .. wanted.Where(name => !made.Contains(name) && !cut.Contains(name))];
        OnnxGraph body = new()
        {
            Name = Body,
            Nodes = nodes,
            Inputs = [.. inputs.Select(static name => new OnnxValueInfo(name, null))],
            Outputs = [new OnnxValueInfo(y, null)],
        };
        return node with { Inputs = inputs, Attributes = [.. node.Attributes, new OnnxAttribute { Name = Body, Kind = OnnxAttributeKind.Graph, Graph = body }] };
    }

    private static OnnxValue?[] Run(OnnxCall call)
    {
        int count = call.Texts("xs")?.Length ?? 0;
        if (Tape.Current is not { } tape || count == 0 || count > call.Inputs.Count)
        {
            throw call.Error($"expected a pass and names xs of inputs, got {count} names.");
        }

        // Copies: no gradient goes on into the values around.
        OnnxValue[] values = [.. Enumerable.Range(0, call.Inputs.Count).Select(i => call.Input(i).Settled())];
        tape.EnterInner();
        try
        {
            Tensor[] leaves = new Tensor[count];
            for (int i = 0; i < count; i++)
            {
                leaves[i] = values[i].AsTensor().WithGradient();
                values[i] = OnnxValue.Of(leaves[i]);
            }

            Tensor y = call.Run(call.Graph(Body), values)[0].AsTensor().Sum();
            foreach (Tensor leaf in leaves)
            {
                // A value that y does not depend on has a gradient too: zeros.
                y += (leaf * 0f).Sum();
            }

            y.Backward();
            return Array.ConvertAll(leaves, static leaf => OnnxValue.Of(leaf.Gradient.ToArray(), leaf.Shape.ToArray()));
        }
        finally
        {
            tape.LeaveInner();
        }
    }
}
