using Pondus.Kernels;

namespace Pondus;

/// <summary>A recurrent layer over a whole sequence in one node, in one direction or both: outputs (..., directions hidden).</summary>
internal sealed unsafe class RecurrentOperation : Operation
{
    // A block of the weights' products along their sums; 512 rows of gradients are two megabytes in a layer of 256.
    private const int RowsAtOnce = 512;

    private const int HasHiddenGradient = 1;
    private const int HasCellGradient = 2;
    private static readonly RecurrentOperation s_instance = new();

    /// <summary>Runs the layer; the caller has checked all shapes.</summary>
    /// <param name="input">(batch, time, in), or (time, batch, in).</param>
    /// <param name="directions">The weights of one direction or two.</param>
    /// <param name="batchFirst">Whether the batch is the first axis of input and output.</param>
    /// <param name="hidden">Hidden states at the start (directions, batch, hidden), or default for 0.</param>
    /// <param name="cell">Cell states at the start, or default for 0.</param>
    /// <param name="lengths">Steps of each sample, or empty for all.</param>
    /// <returns>The outputs.</returns>
    public static Tensor Apply(Tensor input, RecurrentWeights[] directions, bool batchFirst, Tensor hidden, Tensor cell, ReadOnlySpan<int> lengths)
    {
        Node x = input.Use();
        Node? h = hidden.IsAlive ? hidden.Use() : null, c = cell.IsAlive ? cell.Use() : null;
        RecurrentWeights first = directions[0];
        int units = first.Hidden, width = directions.Length * units;
        Node? wanting = first.Wanting ?? (directions.Length > 1 ? directions[1].Wanting : null) ?? (c is { NeedsGradient: true } ? c : null);
        Node y = Tape.Result(x.Shape.With(2, width), s_instance, x, wanting, h);
        if (y.NeedsGradient && c is not null)
        {
            y.MakeInputs(1)[0] = c;
        }

        RecurrentJob shape = new()
        {
            Kind = first.Kind,
            Steps = x.Shape[batchFirst ? 1 : 0],
            Batch = x.Shape[batchFirst ? 0 : 1],
            Hidden = units,
            Keeps = y.NeedsGradient,
            X = x.Data,
        };
        bool isTable = RecurrentTable.Applies(x, shape.Steps * shape.Batch);
        shape.Inputs = isTable ? 0 : first.Inputs;
        shape.XStep = (batchFirst ? 1 : (nint)shape.Batch) * first.Inputs;
        shape.XSample = (batchFirst ? (nint)shape.Steps : 1) * first.Inputs;
        shape.OutStep = (batchFirst ? 1 : (nint)shape.Batch) * width;
        shape.OutSample = (batchFirst ? (nint)shape.Steps : 1) * width;
        int states = directions.Length * shape.Batch * units;
        bool isLstm = shape.Kind == RecurrentKind.Lstm;
        int slots = shape.Keeps ? shape.Steps : 1;
        int sums = checked(slots * shape.Batch * shape.SumWidth), joined = checked(slots * shape.Batch * shape.JoinedWidth);
        int cells = isLstm ? checked((shape.Keeps ? slots + 1 : 1) * shape.Batch * units) : 0;
        RecurrentJob* jobs = (RecurrentJob*)Tape.Scratch(directions.Length * sizeof(RecurrentJob) / sizeof(float), out float[] jobsHome);
        float* gates = Tape.Scratch(checked(directions.Length * sums), out float[] gatesHome);
        float* rest = Tape.Scratch(checked((directions.Length * (joined + cells)) + (3 * states)), out float[] restHome);
        object[]? homes = Tape.Current is null ? new object[2 * directions.Length] : null;
        shape.Lengths = Keep(lengths, out float[]? lengthsHome);
        for (int d = 0; d < directions.Length; d++)
        {
            RecurrentJob job = shape;
            job.Reverse = d == 1;
            job.Out = y.Data + (d * units);
            job.Gates = gates + ((nint)d * sums);
            job.Joined = rest + (3 * states) + ((nint)d * joined);
            job.Cells = isLstm ? rest + (3 * states) + ((nint)directions.Length * joined) + ((nint)d * cells) : null;
            job.LastHidden = rest + ((nint)d * states / directions.Length);
            job.FirstHidden = h is null ? null : h.Data + ((nint)d * states / directions.Length);
            job.FirstCell = c is null ? null : c.Data + ((nint)d * states / directions.Length);
            job.DHidden = job.LastHidden + states;
            job.DCell = job.DHidden + states;
            job.ForwardPanels = directions[d].ForwardPanels(shape.Inputs, out object panelsHome);
            job.Bias = directions[d].Bias(out float[] biasHome);
            if (isTable)
            {
                job.Tokens = RecurrentTable.Tokens(x, job.Steps, job.Batch, batchFirst, job.Reverse);
                job.Table = RecurrentTable.Multiply(x, directions[d], job.Bias);
            }

            if (homes is not null)
            {
                homes[2 * d] = panelsHome;
                homes[(2 * d) + 1] = biasHome;
            }

            jobs[d] = job;
        }

        RecurrentJob.Forward(jobs, directions.Length);
        y.State.Integers = (int*)jobs;
        y.State.Object = directions;
        y.State.I0 = directions.Length;
        y.State.I1 = 0;
        y.State.I2 = VersionOf(directions);
        if (Tape.Current is null)
        {
            // Outside a step the memory of the states is the collector's; they follow the result.
            y.Inputs = null;
            y.State.Object = new object?[] { directions, jobsHome, restHome };
        }

        GC.KeepAlive(gatesHome);
        GC.KeepAlive(lengthsHome);
        GC.KeepAlive(homes);
        GC.KeepAlive(x);
        GC.KeepAlive(h);
        GC.KeepAlive(c);
        return new Tensor(y);
    }

    /// <summary>Gives the hidden states (directions, batch, hidden) after each sample's last step.</summary>
    public static Tensor FinalHidden(Tensor outputs) => FinalStateOperation.Apply(outputs.Use(), ofCell: false);

    /// <summary>Gives the cell states (directions, batch, hidden) after each sample's last step.</summary>
    public static Tensor FinalCell(Tensor outputs) => FinalStateOperation.Apply(outputs.Use(), ofCell: true);

    public override string Describe(GraphSketch sketch, Node result)
    {
        RecurrentWeights[] directions = (RecurrentWeights[])result.State.Object!;
        RecurrentJob* job = (RecurrentJob*)result.State.Integers;
        if (job->Lengths != null || result.C is not null || result.Inputs is not null)
        {
            throw new NotSupportedException("a recurrent layer with given states or lengths");
        }

        bool batchFirst = IsBatchFirst(result);
        string x = sketch.Of(result.A!);
        x = batchFirst ? sketch.Permute(x, 1, 0, 2) : x;
        string y = RecurrentDescription.Describe(sketch, directions, x, taken: 0);
        // From (time, direction, batch, units) to (time, batch, both directions' units).
        y = batchFirst ? sketch.Permute(y, 2, 0, 1, 3) : sketch.Permute(y, 0, 2, 1, 3);
        return sketch.Reshape(y, result.Shape);
    }

    public override void Backward(Tape tape, Node y)
    {
        RecurrentWeights[] directions = (RecurrentWeights[])y.State.Object!;
        if (VersionOf(directions) != y.State.I2)
        {
            throw new InvalidOperationException($"Backward: an input of {nameof(RecurrentOperation)} was changed after it was used. Call Backward before the optimizer's step or Set().");
        }

        Node x = y.A!;
        Node? h = y.C, c = y.Inputs?[0];
        RecurrentJob* jobs = (RecurrentJob*)y.State.Integers;
        int count = directions.Length, hidden = jobs->Hidden, inputs = directions[0].Inputs, gateRows = RecurrentPart.GatesOf(jobs->Kind) * hidden;
        int states = count * jobs->Batch * hidden, ofHidden = (int)RecurrentPanels.Count(hidden, gateRows), ofInput = (int)RecurrentPanels.Count(inputs, gateRows);
        ClearStates(y, jobs, states);
        float* panels = tape.Rent(count * (ofHidden + ofInput));
        bool addInput = false;
        float* dx = x.NeedsGradient && jobs->Tokens == null ? tape.GradientOf(x, out addInput) : null;
        bool isGru = jobs->Kind == RecurrentKind.Gru;
        for (int d = 0; d < count; d++)
        {
            ref RecurrentJob job = ref jobs[d];
            job.OutGradient = y.Gradient + (d * hidden);
            job.InputGradient = dx;
            job.AddInputGradient = addInput || d > 0;
            job.HiddenPanels = panels + ((nint)d * (ofHidden + ofInput));
            job.InputPanels = job.HiddenPanels + ofHidden;
            RecurrentPanels.Backward(directions[d].HiddenWeight.Node.Data, gateRows, hidden, 0, job.HiddenPanels);
            if (dx != null)
            {
                RecurrentPanels.Backward(directions[d].InputWeight.Node.Data, gateRows, inputs, isGru ? 2 * hidden : 0, job.InputPanels);
            }
        }

        int productCount = RecurrentGradients.ProductCount(in *jobs);
        float* products = tape.Rent(count * productCount);
        int stretch = Math.Max(1, RowsAtOnce / Math.Max(1, jobs->Batch));
        for (int end = jobs->Steps; end > 0; end -= stretch)
        {
            // The weights' gradients follow while those of the sums are still in a cache.
            int first = Math.Max(0, end - stretch);
            RecurrentJob.Backward(jobs, count, first, end);
            for (int d = 0; d < count; d++)
            {
                RecurrentGradients.Multiply(in jobs[d], first, end, products + ((nint)d * productCount));
            }
        }

        tape.Return(panels, count * (ofHidden + ofInput));
        for (int d = 0; d < count; d++)
        {
            RecurrentGradients.AddWeights(tape, directions[d], in jobs[d], products + ((nint)d * productCount));
            if (jobs->Tokens == null)
            {
                RecurrentGradients.AddBiases(tape, directions[d], in jobs[d]);
            }
            else
            {
                RecurrentTable.AddGradients(tape, x, directions[d], in jobs[d]);
            }
        }

        tape.Return(products, count * productCount);
        if (h is { NeedsGradient: true })
        {
            tape.AddGradient(h, jobs->DHidden);
        }

        if (c is { NeedsGradient: true })
        {
            tape.AddGradient(c, jobs->DCell);
        }

        GC.KeepAlive(directions);
    }

    /// <summary>Says what the last states are: the outputs of the last step, in the other direction those of the first.</summary>
    internal static string DescribeLastHidden(GraphSketch sketch, Node outputs)
    {
        RecurrentJob* job = (RecurrentJob*)outputs.State.Integers;
        long time = IsBatchFirst(outputs) ? 1 : 0, steps = job->Steps, hidden = job->Hidden;
        string[] states = new string[outputs.State.I0];
        for (int d = 0; d < states.Length; d++)
        {
            long step = d == 0 ? steps - 1 : 0;
            string part = sketch.Emit("Slice", [sketch.Of(outputs), sketch.Integers(step, d * hidden), sketch.Integers(step + 1, (d + 1) * hidden), sketch.Integers(time, 2)]);
            states[d] = sketch.Reshape(part, [1, job->Batch, job->Hidden]);
        }

        return states.Length == 1 ? states[0] : sketch.Emit("Concat", states, [new("axis", 0L)]);
    }

    private static bool IsBatchFirst(Node y)
    {
        RecurrentJob* job = (RecurrentJob*)y.State.Integers;
        return job->OutStep == (nint)y.State.I0 * job->Hidden && y.Shape[1] == job->Steps;
    }

    /// <summary>Takes the gradient of final states, which come before the outputs' in the walk back.</summary>
    internal static void TakeStateGradient(Tape tape, Node y, float* gradient, int count, bool ofCell)
    {
        RecurrentJob* jobs = (RecurrentJob*)y.State.Integers;
        int bit = ofCell ? HasCellGradient : HasHiddenGradient;
        float* to = ofCell ? jobs->DCell : jobs->DHidden;
        if ((y.State.I1 & bit) != 0)
        {
            Arithmetic.AddTo(gradient, to, count);
        }
        else
        {
            Arithmetic.Copy(gradient, to, count);
        }

        y.State.I1 |= bit;
        float* d = tape.GradientOf(y, out bool add);
        if (!add)
        {
            Arithmetic.Fill(d, 0, y.Count);
        }
    }

    /// <summary>Copies final states.</summary>
    internal static void CopyStates(Node y, bool ofCell, float* to)
    {
        RecurrentJob* jobs = (RecurrentJob*)y.State.Integers;
        int count = y.State.I0, each = jobs->Batch * jobs->Hidden;
        for (int d = 0; d < count; d++)
        {
            Arithmetic.Copy(ofCell ? jobs[d].LastCell : jobs[d].LastHidden, to + ((nint)d * each), each);
        }

        GC.KeepAlive(y);
    }

    internal static Shape StateShape(Node y)
    {
        RecurrentJob* jobs = (RecurrentJob*)y.State.Integers;
        return [y.State.I0, jobs->Batch, jobs->Hidden];
    }

    private static int VersionOf(RecurrentWeights[] directions) => directions[0].Version + (directions.Length > 1 ? directions[1].Version : 0);

    private static int* Keep(ReadOnlySpan<int> lengths, out float[]? home)
    {
        home = null;
        if (lengths.IsEmpty)
        {
            return null;
        }

        int* kept = (int*)Tape.Scratch(lengths.Length, out home);
        lengths.CopyTo(new Span<int>(kept, lengths.Length));
        return kept;
    }

    private static void ClearStates(Node y, RecurrentJob* jobs, int states)
    {
        if ((y.State.I1 & HasHiddenGradient) == 0)
        {
            Arithmetic.Fill(jobs->DHidden, 0, states);
        }

        if (jobs->Kind == RecurrentKind.Lstm && (y.State.I1 & HasCellGradient) == 0)
        {
            Arithmetic.Fill(jobs->DCell, 0, states);
        }
    }
}
