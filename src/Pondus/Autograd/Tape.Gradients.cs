using System.Runtime.CompilerServices;
using Pondus.Kernels;

namespace Pondus;

/// <content>How contributions reach the gradients of inputs.</content>
internal sealed unsafe partial class Tape
{
    /// <summary>Gives the buffer for a contribution to a node's gradient: the first of a round stores, later ones add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* GradientOf(Node node, out bool add)
    {
        if (node.Parameter is { } parameter)
        {
            add = parameter.HasGradient;
            parameter.HasGradient = true;
            _written.Add(parameter);
            return parameter.GradientPointer();
        }

        add = node.Gradient != null;
        if (!add)
        {
            node.Gradient = _arena.RentGradient(node.Count);
        }

        return node.Gradient;
    }

    /// <summary>Contributes finished numbers to a node's gradient.</summary>
    public void AddGradient(Node node, float* gradient)
    {
        float* d = GradientOf(node, out bool add);
        if (add)
        {
            Arithmetic.AddTo(gradient, d, node.Count);
        }
        else
        {
            Arithmetic.Copy(gradient, d, node.Count);
        }
    }

    /// <summary>Contributes the gradient of a result that is done with it to an input of as many numbers, if it can without a copy.</summary>
    public void HandOn(Node result, Node input)
    {
        if (input.Gradient != null || input.Parameter is not null)
        {
            AddGradient(input, result.Gradient);
            return;
        }

        // Both buffers are of one size; the tape takes back the new one in place of the result's.
        float* spare = GradientOf(input, out _);
        input.Gradient = result.Gradient;
        result.Gradient = spare;
    }

    /// <summary>Contributes the sums of columns to the gradient of a row, if there is one that wants it.</summary>
    public void AddColumns(Node? row, float* values, nint rows)
    {
        if (row is { NeedsGradient: true })
        {
            float* d = GradientOf(row, out bool add);
            LinearKernels.SumColumns(values, rows, row.Count, d, add);
        }
    }
}
