using Pondus.Formats.Onnx;
using Pondus.Onnx.Operators;

namespace Pondus.Onnx;

/// <summary>Where the way of a gradient ended: an operator that has none, and a tensor before it.</summary>
/// <remarks>No gradient is lost in silence: a walk back that arrives behind such an operator fails and names it.</remarks>
/// <param name="Node">The node.</param>
/// <param name="Source">A tensor that the node's result depends on.</param>
internal sealed record OnnxGradientCut(string Node, Tensor Source)
{
    // Small changes of the inputs change nothing, or only the inputs' sizes count: the gradient is zero.
    private static readonly HashSet<string> s_flat = new(StringComparer.Ordinal)
    {
        "Bernoulli", "Ceil", "ConstantOfShape", "EyeLike", "Floor", "Hardmax", "Multinomial", "OneHot", "RandomNormalLike", "RandomUniformLike", "Round", "Sign",
    };

    /// <summary>Marks the outputs of a node through which the gradient that some input wants does not flow.</summary>
    public static OnnxValue?[] Mark(OnnxNode node, OnnxValue?[] inputs, OnnxValue?[] outputs)
    {
        // Graphs among the settings mark their own values.
        if ((node.Domain.Length == 0 && s_flat.Contains(node.OpType)) || OnnxPlan.Graphs(node).Any() || Find(node, inputs) is not { } cut)
        {
            return outputs;
        }

        return Array.ConvertAll(outputs, output => output is null || inputs.Contains(output) ? output : cut.Mark(output));
    }

    private static OnnxGradientCut? Find(OnnxNode node, IEnumerable<OnnxValue?> inputs)
    {
        foreach (OnnxValue? input in inputs)
        {
            OnnxGradientCut? cut = input is null ? null
                : input.IsContainer ? Find(node, input.Items)
                : input.NeedsGradient ? new OnnxGradientCut(node.ToString(), input.AsTensor())
                : input.Cut is { Source.IsAlive: true } before ? before : null;
            if (cut is not null)
            {
                return cut;
            }
        }

        return null;
    }

    private OnnxValue Mark(OnnxValue output)
    {
        if (!output.IsFloating || output.NeedsGradient || output.Count == 0)
        {
            return output;
        }

        if (EngineValues.Takes(output))
        {
            return OnnxValue.Of(CutOperation.Apply(output.Floats(), output.Shape, this));
        }

        output.Cut = this;
        return output;
    }

    /// <summary>Numbers that depend on a tensor in a way that has no gradient.</summary>
    private sealed class CutOperation : Operation
    {
        private static readonly CutOperation s_instance = new();

        public static Tensor Apply(ReadOnlySpan<float> values, int[] shape, OnnxGradientCut cut)
        {
            Node y = Tape.Result(new Shape(shape), s_instance, cut.Source.UseAny());
            y.State.Object = cut;
            values.CopyTo(y.Span);
            return new Tensor(y);
        }

        public override string Describe(GraphSketch sketch, Node result) => throw new NotSupportedException(((OnnxGradientCut)result.State.Object!).Node);

        public override void Backward(Tape tape, Node result) =>
            throw new OnnxException($"{((OnnxGradientCut)result.State.Object!).Node}: expected an operator with a gradient, got one without. Freeze the parameters before it.");
    }
}
