using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Lists of tensors, and values that may be absent.</summary>
internal static class SequenceOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("SequenceEmpty", static _ => [OnnxValue.Sequence([])]);
        table.Add("SequenceConstruct", static call => [OnnxValue.Sequence([.. Enumerable.Range(0, call.Inputs.Count).Select(call.Input)])]);
        table.Add("SequenceLength", static call => [OnnxValue.Scalar<long>(call.Input(0).Items.Count)]);
        table.Add("SequenceAt", static call => [call.Input(0).Items[Position(call, call.Input(1), call.Input(0).Items.Count)]]);
        table.Add("SequenceInsert", Insert);
        table.Add("SequenceErase", Erase);
        table.Add("SequenceMap", Map);
        table.Add("SplitToSequence", Split);
        table.Add("ConcatFromSequence", Concat);
        table.Add("Optional", static call => [OnnxValue.Optional(call.Optional(0))]);
        table.Add("OptionalHasElement", static call => [OnnxValue.Scalar(Element(call.Optional(0)) is not null)]);
        table.Add("OptionalGetElement", static call =>
            [Element(call.Input(0)) ?? throw call.Error("expected an optional value that is there, got an empty one.")]);
    }

    private static OnnxValue?[] Insert(OnnxCall call)
    {
        List<OnnxValue> items = [.. call.Input(0).Items];
        items.Insert(call.Optional(2) is { } place ? Position(call, place, items.Count + 1, items.Count) : items.Count, call.Input(1));
        return [OnnxValue.Sequence(items)];
    }

    private static OnnxValue?[] Erase(OnnxCall call)
    {
        List<OnnxValue> items = [.. call.Input(0).Items];
        items.RemoveAt(call.Optional(1) is { } place
            ? Position(call, place, items.Count)
            : items.Count > 0 ? items.Count - 1 : throw call.Error("expected a sequence with an item, got an empty one."));
        return [OnnxValue.Sequence(items)];
    }

    /// <summary>Runs the body for each item of the first sequence; what is not a sequence is given to each run as it is.</summary>
    private static OnnxValue?[] Map(OnnxCall call)
    {
        List<OnnxValue>[] results = [.. Enumerable.Range(0, call.OutputCount).Select(static _ => new List<OnnxValue>())];
        int count = call.Input(0).Items.Count;
        for (int i = 0; i < count; i++)
        {
            OnnxValue[] inputs = new OnnxValue[call.Inputs.Count];
            for (int j = 0; j < inputs.Length; j++)
            {
                OnnxValue input = call.Input(j);
                inputs[j] = !(input.Type == OnnxType.Sequence)
                    ? input
                    : i < input.Items.Count ? input.Items[i] : throw call.Error($"expected sequences of {count} items, got one of {input.Items.Count}.");
            }

            OnnxValue[] outputs = call.Run(call.Graph("body"), inputs);
            for (int j = 0; j < results.Length; j++)
            {
                results[j].Add(outputs[j]);
            }
        }

        return [.. results.Select(OnnxValue.Sequence)];
    }

    private static OnnxValue?[] Split(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int axis = call.Axis(call.Int("axis", 0), x.Rank), size = x.Shape[axis];
        bool keep = call.Optional(1) is not null || call.Int("keepdims", 1) != 0;
        List<OnnxValue> parts = [];
        int start = 0;
        foreach (int length in PartSizes(call, size))
        {
            OnnxValue part = Movement.Slice(x, axis, start, length);
            parts.Add(keep ? part : part.Reshaped([.. x.Shape[..axis], .. x.Shape[(axis + 1)..]]));
            start += length;
        }

        return [OnnxValue.Sequence(parts)];
    }

    private static int[] PartSizes(OnnxCall call, int size)
    {
        if (call.Optional(1) is not { } split)
        {
            return [.. Enumerable.Repeat(1, size)];
        }

        long[] sizes = split.Integers();
        if (split.Rank == 0)
        {
            long chunk = sizes[0] > 0 ? sizes[0] : throw call.Error($"expected parts of at least 1, got {sizes[0]}.");
            return [.. Enumerable.Range(0, (int)((size + chunk - 1) / chunk)).Select(i => (int)Math.Min(chunk, size - (i * chunk)))];
        }

        return Array.TrueForAll(sizes, part => part >= 0 && part <= size) && sizes.Sum() == size
            ? [.. sizes.Select(static part => (int)part)]
            : throw call.Error($"expected parts that sum to {size}, got {string.Join(", ", sizes)}.");
    }

    private static OnnxValue?[] Concat(OnnxCall call)
    {
        IReadOnlyList<OnnxValue> items = call.Input(0).Items;
        if (items.Count == 0)
        {
            throw call.Error("expected a sequence with an item, got an empty one.");
        }

        int rank = items[0].Rank;
        bool stack = call.Int("new_axis", 0) != 0;
        int axis = call.Axis(call.Int("axis", 0), stack ? rank + 1 : rank);
        if (stack)
        {
            items = [.. items.Select(item => item.Reshaped([.. item.Shape[..axis], 1, .. item.Shape[axis..]]))];
        }

        return [Movement.Concat(call, items, axis)];
    }

    /// <summary>What is in an optional value; a tensor or sequence is itself.</summary>
    private static OnnxValue? Element(OnnxValue? value) => value is not { Type: OnnxType.Optional } ? value : value.Items.Count > 0 ? value.Items[0] : null;

    private static int Position(OnnxCall call, OnnxValue value, int limit, int? count = null)
    {
        long place = value.Integers()[0], size = count ?? limit, from = place < 0 ? place + size : place;
        return from >= 0 && from < limit ? (int)from : throw call.Error($"expected a position in a sequence of {size}, got {place}.");
    }
}
