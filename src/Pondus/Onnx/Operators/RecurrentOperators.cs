using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Recurrent layers, a step at a time in the engine's operations: gradients flow through all of them.</summary>
internal static class RecurrentOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddSingle("RNN", static call => Run(call, gates: 1, OneStep));
        table.AddSingle("GRU", static call => Run(call, gates: 3, GruStep));
        table.AddSingle("LSTM", static call => Run(call, gates: 4, LstmStep));
    }

    private delegate (Tensor Hidden, Tensor Cell) CellStep(RecurrentCell cell, Tensor input, Tensor hidden, Tensor state);

    private static OnnxValue?[] Run(OnnxCall call, int gates, CellStep step)
    {
        OnnxValue x = call.InputOfRank(0, 3, "steps, batch, features");
        OnnxValue w = call.InputOfRank(1, 3, "directions, gates, features"), r = call.InputOfRank(2, 3, "directions, gates, hidden");
        bool batchFirst = call.Int("layout", 0) != 0;
        string way = call.Text("direction", "forward");
        int directions = way == "bidirectional" ? 2 : 1, size = r.Shape[2];
        if (w.Shape[0] != directions || r.Shape[0] != directions || w.Shape[1] != gates * size || r.Shape[1] != gates * size || w.Shape[2] != x.Shape[2])
        {
            throw call.Error($"expected weights ({directions}, {gates} * hidden, {x.Shape[2]}) and ({directions}, {gates} * hidden, hidden), got {w} and {r}.");
        }

        Tensor input = batchFirst ? x.AsTensor().Permute(1, 0, 2) : x.AsTensor();
        int steps = input.Shape[0], batch = input.Shape[1];
        int[]? lengths = call.Optional(4) is { } given ? Elements.Ints(given) : null;
        if (lengths is not null && (lengths.Length != batch || lengths.Any(length => length < 0 || length > steps)))
        {
            throw call.Error($"expected {batch} lengths from 0 to {steps}, got ({string.Join(", ", lengths)}).");
        }

        List<Tensor> outputs = [], hidden = [], cells = [];
        for (int d = 0; d < directions; d++)
        {
            bool backward = way == "reverse" || d == 1;
            RecurrentCell cell = new(call, d, gates, size);
            (Tensor all, Tensor last, Tensor state) = Direction(cell, step, input, backward, lengths, Start(call, 5, d, batch, size, batchFirst), Start(call, 6, d, batch, size, batchFirst));
            outputs.Add(all.Reshape([steps, 1, batch, size]));
            hidden.Add(last.Reshape([1, batch, size]));
            cells.Add(state.Reshape([1, batch, size]));
        }

        Tensor y = Join(outputs, 1), h = Join(hidden, 0), c = Join(cells, 0);
        return batchFirst
            ? [OnnxValue.Of(y.Permute(2, 0, 1, 3)), OnnxValue.Of(h.Permute(1, 0, 2)), gates == 4 ? OnnxValue.Of(c.Permute(1, 0, 2)) : null]
            : [OnnxValue.Of(y), OnnxValue.Of(h), gates == 4 ? OnnxValue.Of(c) : null];
    }

    private static Tensor Join(List<Tensor> parts, int axis) => parts.Count == 1 ? parts[0] : Tensor.Concatenate(axis, [.. parts]);

    private static Tensor Start(OnnxCall call, int index, int direction, int batch, int size, bool batchFirst)
    {
        if (call.Optional(index) is not { Count: > 0 } value || (index == 6 && call.Node.OpType != "LSTM"))
        {
            return Tensor.Zeros([batch, size]);
        }

        Tensor start = batchFirst ? value.AsTensor().Permute(1, 0, 2) : value.AsTensor();
        return start.Shape.Rank == 3 && start.Shape[1] == batch && start.Shape[2] == size
            ? start.Slice(0, direction, 1).Reshape([batch, size])
            : throw call.Error($"expected a starting state (directions, {batch}, {size}), got {value}.");
    }

    private static (Tensor All, Tensor Last, Tensor Cell) Direction(
        RecurrentCell cell, CellStep step, Tensor input, bool backward, int[]? lengths, Tensor hidden, Tensor state)
    {
        int steps = input.Shape[0], batch = input.Shape[1], size = cell.Size;
        // All inputs meet their weights in one product.
        Tensor projected = cell.Project(input.Reshape([steps * batch, input.Shape[2]])).Reshape([steps, batch, cell.Gates * size]);
        Tensor[] outputs = new Tensor[steps];
        for (int i = 0; i < steps; i++)
        {
            int t = backward ? steps - 1 - i : i;
            Tensor now = steps == 1 ? projected.Reshape([batch, cell.Gates * size]) : projected.Slice(0, t, 1).Reshape([batch, cell.Gates * size]);
            (Tensor next, Tensor nextState) = step(cell, now, hidden, state);
            if (lengths is not null && Array.Exists(lengths, length => t >= length))
            {
                // Past its end a sequence keeps its state and puts out zeros.
                Tensor runs = Tensor.Of(Array.ConvertAll(lengths, length => t < length ? 1f : 0f), [batch, 1]), rests = 1f - runs;
                outputs[t] = next * runs;
                hidden = outputs[t] + (hidden * rests);
                state = (nextState * runs) + (state * rests);
                continue;
            }

            outputs[t] = hidden = next;
            state = nextState;
        }

        Tensor all = steps == 0 ? Tensor.Zeros([0, batch, size]) : Tensor.Stack(0, outputs);
        return (all, hidden, state);
    }

    private static (Tensor Hidden, Tensor Cell) OneStep(RecurrentCell cell, Tensor input, Tensor hidden, Tensor state) =>
        (cell.Activate(0, cell.Clip(input + cell.Recur(hidden))), state);

    private static (Tensor Hidden, Tensor Cell) GruStep(RecurrentCell cell, Tensor input, Tensor hidden, Tensor state)
    {
        Tensor recurrent = cell.RecurWithoutCandidate(hidden);
        Tensor update = cell.Activate(0, cell.Clip(cell.Gate(input, 0) + cell.Gate(recurrent, 0)));
        Tensor reset = cell.Activate(0, cell.Clip(cell.Gate(input, 1) + cell.Gate(recurrent, 1)));
        Tensor past = cell.ResetsAfter ? reset * cell.Gate(recurrent, 2) : cell.RecurCandidate(reset * hidden);
        Tensor candidate = cell.Activate(1, cell.Clip(cell.Gate(input, 2) + past));
        return (((1f - update) * candidate) + (update * hidden), state);
    }

    private static (Tensor Hidden, Tensor Cell) LstmStep(RecurrentCell cell, Tensor input, Tensor hidden, Tensor state)
    {
        // ONNX orders the gates input, output, forget, cell.
        Tensor all = input + cell.Recur(hidden);
        Tensor enter = cell.Activate(0, cell.Clip(cell.Peep(cell.Gate(all, 0), state, 0)));
        Tensor forget = cell.InputForget ? 1f - enter : cell.Activate(0, cell.Clip(cell.Peep(cell.Gate(all, 2), state, 2)));
        Tensor next = (forget * state) + (enter * cell.Activate(1, cell.Clip(cell.Gate(all, 3))));
        Tensor leave = cell.Activate(0, cell.Clip(cell.Peep(cell.Gate(all, 1), next, 1)));
        return (leave * cell.Activate(2, next), next);
    }
}
