using Pondus.Kernels;

namespace Pondus;

/// <summary>Connectionist temporal classification in one node; samples are divided among the threads.</summary>
internal sealed unsafe class CtcOperation : Operation
{
    private static readonly CtcOperation s_instance = new();

    /// <summary>How the samples' losses become the result.</summary>
    public enum Reduction
    {
        None,
        Sum,

        /// <summary>The mean of the losses, each divided by its number of labels.</summary>
        Mean,
    }

    /// <summary>Computes the loss; the caller has checked all sizes.</summary>
    /// <param name="logarithms">(batch, time, classes), or (time, batch, classes).</param>
    /// <param name="batchFirst">Whether the batch is the first axis.</param>
    /// <param name="labels">All labels.</param>
    /// <param name="labelWidth">Labels from one sample to the next, or 0 when each follows the one before.</param>
    /// <param name="steps">Steps of each sample, or empty for all.</param>
    /// <param name="labelCounts">Labels of each sample.</param>
    /// <param name="blank">The class that stands for no label.</param>
    /// <param name="zeroInfinity">Whether samples without an alignment count as 0.</param>
    /// <param name="reduction">How the losses become the result.</param>
    public static Tensor Apply(Tensor logarithms, bool batchFirst, ReadOnlySpan<int> labels, int labelWidth, ReadOnlySpan<int> steps, ReadOnlySpan<int> labelCounts, int blank, bool zeroInfinity, Reduction reduction)
    {
        Node x = logarithms.Use();
        int batch = labelCounts.Length, most = 0;
        Node y = Tape.Result(reduction == Reduction.None ? [batch] : [], s_instance, x);
        int* integers = (int*)Tape.Scratch((3 * batch) + labels.Length, out float[] integerHome);
        CtcJob* job = (CtcJob*)Tape.Scratch(sizeof(CtcJob) / sizeof(float), out float[] jobHome);
        *job = new CtcJob
        {
            Logarithms = x.Data,
            Classes = x.Shape[2],
            MostSteps = x.Shape[batchFirst ? 1 : 0],
            Blank = blank,
            ZeroInfinity = zeroInfinity,
            LabelStarts = integers,
            Steps = integers + batch,
            LabelCounts = integers + (2 * batch),
            Labels = integers + (3 * batch),
        };
        job->StepStride = batchFirst ? job->Classes : (nint)batch * job->Classes;
        job->SampleStride = batchFirst ? (nint)job->MostSteps * job->Classes : job->Classes;
        labels.CopyTo(new Span<int>(job->Labels, labels.Length));
        for (int i = 0, start = 0; i < batch; i++)
        {
            job->LabelStarts[i] = start;
            job->Steps[i] = steps.IsEmpty ? job->MostSteps : steps[i];
            job->LabelCounts[i] = labelCounts[i];
            start += labelWidth > 0 ? labelWidth : labelCounts[i];
            most = Math.Max(most, labelCounts[i]);
        }

        job->MostStates = (2 * most) + 1;
        job->Losses = Doubles(checked(batch * ((job->MostSteps * job->MostStates) + 1)), out float[] home);
        job->Forward = job->Losses + batch;
        Pool.Run(&CtcJob.ForwardSample, job, batch);
        double sum = reduction == Reduction.Mean && batch == 0 ? double.NaN : 0;
        for (int i = 0; i < batch; i++)
        {
            double loss = zeroInfinity && double.IsPositiveInfinity(job->Losses[i]) ? 0 : job->Losses[i];
            sum += loss * Weight(reduction, labelCounts[i], batch);
            if (reduction == Reduction.None)
            {
                y.Data[i] = (float)loss;
            }
        }

        if (reduction != Reduction.None)
        {
            y.Data[0] = (float)sum;
        }

        y.State.Integers = (int*)job;
        y.State.I0 = batch;
        y.State.I1 = (int)reduction;
        GC.KeepAlive(integerHome);
        GC.KeepAlive(jobHome);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        CtcJob* job = (CtcJob*)y.State.Integers;
        int batch = y.State.I0;
        Reduction reduction = (Reduction)y.State.I1;
        int room = checked(2 * batch * job->RoomCount);
        job->Room = (double*)tape.Rent(room);
        job->Upstream = tape.Rent(batch);
        for (int i = 0; i < batch; i++)
        {
            job->Upstream[i] = (float)(y.Gradient[reduction == Reduction.None ? i : 0] * Weight(reduction, job->LabelCounts[i], batch));
        }

        job->Gradient = tape.GradientOf(x, out job->Adds);
        Pool.Run(&CtcJob.BackwardSample, job, batch);
        tape.Return((float*)job->Room, room);
        tape.Return(job->Upstream, batch);
        GC.KeepAlive(x);
    }

    private static double Weight(Reduction reduction, int labelCount, int batch) =>
        reduction == Reduction.Mean ? 1.0 / Math.Max(1, labelCount) / batch : 1;

    private static double* Doubles(int count, out float[] home) => (double*)Tape.Scratch(checked(2 * count), out home);
}
