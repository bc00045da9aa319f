using Pondus.Kernels;

namespace Pondus;

/// <summary>The gradients of a recurrent layer's parameters: one product over all time steps for both weights.</summary>
internal static unsafe class RecurrentGradients
{
    /// <summary>Adds the gradients of one direction; its job has gone backward.</summary>
    public static void Add(Tape tape, RecurrentWeights weights, ref readonly RecurrentJob job)
    {
        int rows = job.Steps * job.Batch;
        float* ofInput = Gradient(tape, weights.InputWeight, out bool addInput), ofHidden = Gradient(tape, weights.HiddenWeight, out bool addHidden);
        for (int i = 0; (ofInput != null || ofHidden != null) && i < RecurrentPart.CountOf(job.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(job.Kind, i, job.Hidden);
            int inner = part.Inner(job.Inputs, job.Hidden);
            float* product = tape.Rent(part.Width * inner);
            float* joined = part.InputRow >= 0 ? job.Joined : job.Joined + job.Inputs;
            Gemm.Multiply(part.Width, inner, rows, job.Gates + part.Column, job.SumWidth, true, joined, job.JoinedWidth, false, product, inner, accumulate: false);
            if (part.InputRow >= 0 && ofInput != null)
            {
                AddRows(product, inner, part.Width, job.Inputs, ofInput + ((nint)part.InputRow * job.Inputs), addInput);
            }

            if (part.HiddenRow >= 0 && ofHidden != null)
            {
                float* from = part.InputRow >= 0 ? product + job.Inputs : product;
                AddRows(from, inner, part.Width, job.Hidden, ofHidden + ((nint)part.HiddenRow * job.Hidden), addHidden);
            }

            tape.Return(product, part.Width * inner);
        }

        AddBiases(tape, weights, in job, rows);
    }

    private static void AddBiases(Tape tape, RecurrentWeights weights, ref readonly RecurrentJob job, int rows)
    {
        float* ofInput = Gradient(tape, weights.InputBias, out bool addInput), ofHidden = Gradient(tape, weights.HiddenBias, out bool addHidden);
        if (ofInput == null && ofHidden == null)
        {
            return;
        }

        int width = job.SumWidth;
        float* sums = tape.Rent(width);
        LinearKernels.SumColumns(job.Gates, rows, width, sums, add: false);
        for (int i = 0; i < RecurrentPart.CountOf(job.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(job.Kind, i, job.Hidden);
            if (part.InputRow >= 0 && ofInput != null)
            {
                AddRows(sums + part.Column, part.Width, 1, part.Width, ofInput + part.InputRow, addInput);
            }

            if (part.HiddenRow >= 0 && ofHidden != null)
            {
                AddRows(sums + part.Column, part.Width, 1, part.Width, ofHidden + part.HiddenRow, addHidden);
            }
        }

        tape.Return(sums, width);
    }

    private static float* Gradient(Tape tape, Parameter? parameter, out bool add)
    {
        add = false;
        return parameter is { RequiresGradient: true } ? tape.GradientOf(parameter.Node, out add) : null;
    }

    private static void AddRows(float* from, int stride, int rows, int width, float* to, bool add)
    {
        for (int row = 0; row < rows; row++, from += stride, to += width)
        {
            if (add)
            {
                Arithmetic.AddTo(from, to, width);
            }
            else
            {
                new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, width));
            }
        }
    }
}
