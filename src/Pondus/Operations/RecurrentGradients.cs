using Pondus.Kernels;

namespace Pondus;

/// <summary>The gradients of a recurrent layer's parameters: one product over all time steps for both weights.</summary>
internal static unsafe class RecurrentGradients
{
    /// <summary>Floats of the products of all parts.</summary>
    public static int ProductCount(ref readonly RecurrentJob job)
    {
        int count = 0;
        for (int i = 0; i < RecurrentPart.CountOf(job.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(job.Kind, i, job.Hidden);
            count += part.Width * part.Inner(job.Inputs, job.Hidden);
        }

        return count;
    }

    /// <summary>Multiplies the gradients of the sums of some steps with the joined rows.</summary>
    public static void Multiply(ref readonly RecurrentJob job, int firstStep, int endStep, float* products)
    {
        for (int i = 0; i < RecurrentPart.CountOf(job.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(job.Kind, i, job.Hidden);
            RecurrentJob.WeightProduct(in job, part, firstStep, endStep, products, accumulate: endStep < job.Steps);
            products += part.Width * part.Inner(job.Inputs, job.Hidden);
        }
    }

    /// <summary>Adds the products to the gradients of the weights that the joined rows were multiplied with.</summary>
    /// <param name="tape">Hands out memory.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="job">Has gone backward.</param>
    /// <param name="products">From <see cref="Multiply"/>.</param>
    public static void AddWeights(Tape tape, RecurrentWeights weights, ref readonly RecurrentJob job, float* products)
    {
        float* ofInput = Gradient(tape, job.Inputs > 0 ? weights.InputWeight : null, out bool addInput), ofHidden = Gradient(tape, weights.HiddenWeight, out bool addHidden);
        for (int i = 0; i < RecurrentPart.CountOf(job.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(job.Kind, i, job.Hidden);
            int inner = part.Inner(job.Inputs, job.Hidden);
            if (part.InputRow >= 0 && ofInput != null)
            {
                AddRows(products, inner, part.Width, job.Inputs, ofInput + ((nint)part.InputRow * job.Inputs), addInput);
            }

            if (part.HiddenRow >= 0 && ofHidden != null)
            {
                float* from = part.InputRow >= 0 ? products + job.Inputs : products;
                AddRows(from, inner, part.Width, job.Hidden, ofHidden + ((nint)part.HiddenRow * job.Hidden), addHidden);
            }

            products += part.Width * inner;
        }
    }

    /// <summary>Adds the gradients of the biases of all steps.</summary>
    public static void AddBiases(Tape tape, RecurrentWeights weights, ref readonly RecurrentJob job)
    {
        int width = job.SumWidth;
        float* sums = tape.Rent(width);
        LinearKernels.SumColumns(job.Gates, job.Steps * job.Batch, width, sums, add: false);
        AddBiases(tape, weights, in job, sums);
        tape.Return(sums, width);
    }

    /// <summary>Adds the gradients of the biases.</summary>
    /// <param name="tape">Hands out memory.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="job">Has gone backward.</param>
    /// <param name="sums">The gradients of the sums, added over all steps and samples.</param>
    public static void AddBiases(Tape tape, RecurrentWeights weights, ref readonly RecurrentJob job, float* sums)
    {
        float* ofInput = Gradient(tape, weights.InputBias, out bool addInput), ofHidden = Gradient(tape, weights.HiddenBias, out bool addHidden);
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
    }

    /// <summary>Gives the memory of a parameter's gradient, or null when it is not wanted.</summary>
    public static float* Gradient(Tape tape, Parameter? parameter, out bool add)
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
