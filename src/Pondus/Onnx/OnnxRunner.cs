using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>Runs plans: node after node, forgetting each value after its last use.</summary>
internal static class OnnxRunner
{
    public static OnnxValue[] Run(OnnxScope scope)
    {
        foreach (OnnxPlanNode node in scope.Plan.Nodes)
        {
            Run(scope, node);
        }

        IReadOnlyList<OnnxValueInfo> outputs = scope.Plan.Graph.Outputs;
        OnnxValue[] values = new OnnxValue[outputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scope.Find(outputs[i].Name) ?? throw new OnnxException($"graph '{scope.Plan.Graph.Name}': expected a value for output '{outputs[i].Name}', got none.");
        }

        return values;
    }

    private static void Run(OnnxScope scope, OnnxPlanNode plan)
    {
        OnnxValue?[] outputs = plan.IsConstant
            ? plan.State.Get("outputs", () => Array.ConvertAll(Compute(scope, plan), static output => output?.Settled()))
            : Compute(scope, plan);
        IReadOnlyList<string> names = (plan.Relu ?? plan).Node.Outputs;
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Length > 0 && i < outputs.Length && outputs[i] is { } output)
            {
                scope.Set(names[i], output);
            }
        }

        foreach (string name in plan.LastUses)
        {
            scope.Forget(name);
        }
    }

    private static OnnxValue?[] Compute(OnnxScope scope, OnnxPlanNode plan)
    {
        IReadOnlyList<string> names = plan.Node.Inputs;
        OnnxValue?[] inputs = new OnnxValue?[names.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = names[i].Length == 0
                ? null
                : scope.Find(names[i]) ?? throw new OnnxException($"{plan.Node}: expected a value '{names[i]}' from a node before it, got none.");
        }

        ReluWish? relu = plan.Relu is null ? null : new ReluWish();
        try
        {
            OnnxValue?[] outputs = plan.Operator(new OnnxCall(plan.Node, plan.Opset, inputs, (graph, values) => RunInner(scope, plan, graph, values), plan.State, relu));
            outputs = relu is null or { IsDone: true } ? outputs : plan.Relu!.Operator(new OnnxCall(plan.Relu.Node, plan.Relu.Opset, [outputs[0]]));
            return Operators.EngineValues.IsRecording && !plan.IsConstant ? OnnxGradientCut.Mark(plan.Node, inputs, outputs) : outputs;
        }
        catch (Exception error) when (error is not OnnxException || !error.Message.StartsWith(plan.Node.ToString(), StringComparison.Ordinal))
        {
            // Whatever a graph made an operator stumble over belongs to the graph.
            string given = OnnxPlan.Graphs(plan.Node).Any() ? string.Empty : $" Inputs: {string.Join(", ", inputs.Select(static input => input?.ToString() ?? "none"))}.";
            throw new OnnxException($"{plan.Node}: {error.Message}{given}", error);
        }
    }

    private static OnnxValue[] RunInner(OnnxScope outer, OnnxPlanNode node, OnnxGraph graph, IReadOnlyList<OnnxValue> values)
    {
        OnnxScope scope = new(outer.Plan.Inner(graph, node), outer);
        if (values.Count > graph.Inputs.Count)
        {
            throw new OnnxException($"{node.Node}: expected at most {graph.Inputs.Count} inputs of graph '{graph.Name}', got {values.Count}.");
        }

        for (int i = 0; i < values.Count; i++)
        {
            scope.Set(graph.Inputs[i].Name, values[i]);
        }

        return Run(scope);
    }
}
