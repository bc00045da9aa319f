using Pondus.Kernels;

namespace Pondus;

/// <summary>A recurrent layer right behind an embedding: the product of the few vectors of its table stands for that of all places.</summary>
/// <remarks>
/// <para>Forward, a row of table times weight plus bias is where a place's sums begin: the same chain of multiply-adds, so the same bits, for 65
/// rows instead of 4,096 in a network over characters. Backward, the gradients of the sums are added up by token first, and the products with
/// the weight and the table follow on those few rows.</para>
/// </remarks>
internal static unsafe class RecurrentTable
{
    /// <summary>Whether an input was taken from a table with so few rows that their product is less work than that of all places.</summary>
    public static bool Applies(Node x, int places) => x.Operation is EmbeddingOperation && 2 * x.A!.Shape[0] <= places;

    /// <summary>Gives the tokens in the order of a direction's steps, then sample.</summary>
    public static int* Tokens(Node x, int steps, int batch, bool batchFirst, bool reverse)
    {
        int* from = x.State.Integers, to = (int*)Tape.Scratch(steps * batch, out _);
        for (int step = 0, i = 0; step < steps; step++)
        {
            int time = reverse ? steps - 1 - step : step;
            for (int b = 0; b < batch; b++, i++)
            {
                to[i] = from[batchFirst ? (b * steps) + time : (time * batch) + b];
            }
        }

        return to;
    }

    /// <summary>Multiplies the table with the input's weight and adds the bias.</summary>
    public static float* Multiply(Node x, RecurrentWeights weights, float* bias)
    {
        Node table = x.A!;
        int rows = table.Shape[0], inputs = weights.Inputs, width = RecurrentPart.SumsOf(weights.Kind) * weights.Hidden;
        float* sums = Tape.Scratch(checked(rows * width), out _);
        for (int i = 0; i < RecurrentPart.CountOf(weights.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(weights.Kind, i, weights.Hidden);
            if (part.InputRow >= 0)
            {
                float* weight = weights.InputWeight.Node.Data + ((nint)part.InputRow * inputs);
                Gemm.Multiply(rows, part.Width, inputs, table.Data, inputs, false, weight, inputs, true, sums + part.Column, width, accumulate: false, bias + part.Column);
            }
        }

        GC.KeepAlive(table);
        return sums;
    }

    /// <summary>Adds the gradients of the input's weight, the biases and the table; the job has gone backward.</summary>
    public static void AddGradients(Tape tape, Node x, RecurrentWeights weights, ref readonly RecurrentJob job)
    {
        Node table = x.A!;
        int rows = table.Shape[0], inputs = weights.Inputs, width = job.SumWidth, count = rows * width;
        float* byToken = tape.Rent(count);
        Arithmetic.Fill(byToken, 0, count);
        Gather.AddRows(job.Gates, width, job.Tokens, job.Steps * job.Batch, byToken);
        float* sums = tape.Rent(width);
        LinearKernels.SumColumns(byToken, rows, width, sums, add: false);
        RecurrentGradients.AddBiases(tape, weights, in job, sums);
        tape.Return(sums, width);
        AddProducts(tape, table, weights, byToken, width, ofTable: false);
        if (x.State.I1 is int padding and >= 0)
        {
            // No gradient reaches the padding's vector, but its places counted for the weight.
            Arithmetic.Fill(byToken + ((nint)padding * width), 0, width);
        }

        AddProducts(tape, table, weights, byToken, width, ofTable: true);
        tape.Return(byToken, count);
        GC.KeepAlive(table);
    }

    private static void AddProducts(Tape tape, Node table, RecurrentWeights weights, float* byToken, int width, bool ofTable)
    {
        int rows = table.Shape[0], inputs = weights.Inputs;
        Node of = ofTable ? table : weights.InputWeight.Node;
        if (!of.NeedsGradient)
        {
            return;
        }

        float* d = tape.GradientOf(of, out bool add);
        for (int i = 0; i < RecurrentPart.CountOf(weights.Kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(weights.Kind, i, weights.Hidden);
            if (part.InputRow < 0)
            {
                continue;
            }

            nint first = (nint)part.InputRow * inputs;
            if (ofTable)
            {
                Gemm.Multiply(rows, inputs, part.Width, byToken + part.Column, width, false, weights.InputWeight.Node.Data + first, inputs, false, d, inputs, add);
                add = true;
            }
            else
            {
                Gemm.Multiply(part.Width, inputs, rows, byToken + part.Column, width, true, table.Data, inputs, false, d + first, inputs, add);
            }
        }
    }
}
