namespace Pondus;

/// <summary>A differentiable operation: a stateless singleton whose forward pass is its static method.</summary>
internal abstract class Operation
{
    /// <summary>Adds the contribution of a result's gradient to the gradients of its inputs.</summary>
    /// <param name="tape">Hands out gradient buffers and scratch.</param>
    /// <param name="result">The node that this operation made; its gradient is complete and may be overwritten.</param>
    public abstract void Backward(Tape tape, Node result);

    /// <summary>Says what was computed, in the operators of ONNX, and gives the name of the result; the tape was one that traces.</summary>
    public virtual string Describe(GraphSketch sketch, Node result) =>
        throw new NotSupportedException(GetType().Name.Replace("Operation", string.Empty, StringComparison.Ordinal));
}
