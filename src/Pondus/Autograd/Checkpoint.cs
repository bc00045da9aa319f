namespace Pondus;

/// <summary>Trades time for memory: a part of a network keeps its inputs alone, and is computed once more when its gradient is wanted.</summary>
/// <remarks>
/// <para>Memory: a network of n segments holds the inputs of all and the values of one, instead of the values of all. Time: one more forward pass of the segments.</para>
/// <para>Bits: gradients are those of the plain pass. Dropout layers draw their masks from keys, so the second computation has those of the first; a <see cref="RandomSource"/> that moves on does not.</para>
/// <para>A segment must compute the same twice and change nothing: a layer that updates running statistics updates them twice, as in PyTorch.</para>
/// <para>Source: Chen et al. 2016, arXiv:1604.06174.</para>
/// </remarks>
public static class Checkpoint
{
    /// <summary>Runs a segment.</summary>
    /// <param name="segment">From the input to the output, such as a layer's <see cref="Layer.Forward"/>; other tensors of the step that need gradients are inputs too, see the other overload.</param>
    /// <param name="x">The input.</param>
    /// <returns>The output.</returns>
    public static Tensor Run(Func<Tensor, Tensor> segment, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return Tape.Current is { Recording: true } ? CheckpointOperation.Apply(segment, x) : segment(x);
    }

    /// <summary>Runs a segment with several inputs and outputs, such as a stretch of a long sequence with the states before and after it.</summary>
    /// <param name="segment">From the inputs to the outputs.</param>
    /// <param name="inputs">The inputs, at least one.</param>
    /// <returns>The outputs.</returns>
    /// <exception cref="ArgumentException">There are no inputs or outputs.</exception>
    public static Tensor[] Run(Func<Tensor[], Tensor[]> segment, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length == 0)
        {
            throw new ArgumentException("Checkpoint: expected at least one input, got none.", nameof(inputs));
        }

        if (Tape.Current is not { Recording: true })
        {
            return segment(inputs);
        }

        Shape[] shapes = [];
        Tensor all = CheckpointOperation.Apply(
            values =>
            {
                Tensor[] outputs = segment(values);
                shapes = [.. outputs.Select(static y => y.Shape)];
                return outputs.Length > 0
                    ? Tensor.Concatenate(0, [.. outputs.Select(static y => y.Reshape([y.Count]))])
                    : throw new ArgumentException("Checkpoint: expected a segment with at least one output, got none.", nameof(segment));
            },
            inputs);
        Tensor[] results = new Tensor[shapes.Length];
        for (int i = 0, start = 0; i < results.Length; start += shapes[i].Count, i++)
        {
            results[i] = all.Slice(0, start, shapes[i].Count).Reshape(shapes[i]);
        }

        return results;
    }
}
