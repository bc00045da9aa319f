namespace Pondus;

/// <summary>A module with one input and one output: what a sequence is made of.</summary>
public abstract class Layer : Module
{
    /// <summary>Computes the output.</summary>
    /// <param name="x">The input; the first axis is the batch.</param>
    /// <returns>The output.</returns>
    public abstract Tensor Forward(Tensor x);

    /// <summary>Tells the sizes of the output for an input, without computing it.</summary>
    /// <param name="input">Sizes of one sample, without the batch.</param>
    /// <returns>Sizes of one sample's output; by default those of the input.</returns>
    public virtual Shape OutputShape(Shape input) => input;
}
