namespace Pondus;

/// <summary>A part of a network that is recorded as one node and computed once more in the backward pass, each time on a tape within the step's.</summary>
internal sealed unsafe class CheckpointOperation : Operation
{
    private static readonly CheckpointOperation s_instance = new();

    /// <summary>Runs a segment with one input.</summary>
    public static Tensor Apply(Func<Tensor, Tensor> segment, Tensor x) => Apply(segment, x.UseAny(), null);

    /// <summary>Runs a segment with several inputs.</summary>
    public static Tensor Apply(Func<Tensor[], Tensor> segment, Tensor[] inputs) =>
        Apply(segment, inputs[0].UseAny(), [.. inputs.Select(static x => x.UseAny())]);

    public override void Backward(Tape tape, Node y)
    {
        Tape inner = tape.EnterInner();
        try
        {
            Node x = y.A!;
            Node[]? inputs = y.Inputs;
            Node[] shown = inputs is null ? [] : [.. inputs.Select(inner.Show)];
            Node single = inputs is null ? inner.Show(x) : x;
            Node result = Compute(y.State.Object!, single, shown);
            if (result.Shape != y.Shape || result.ChannelsLast != y.ChannelsLast)
            {
                throw new InvalidOperationException($"Checkpoint: expected the segment to compute the same twice, got {y.Shape} and then {result.Shape}.");
            }

            if (!result.NeedsGradient)
            {
                return;
            }

            inner.Backward(result, y.Gradient);
            if (inputs is null)
            {
                Take(tape, x, single);
            }

            for (int i = 0; i < shown.Length; i++)
            {
                Take(tape, inputs![i], shown[i]);
            }
        }
        finally
        {
            tape.LeaveInner();
        }
    }

    private static Tensor Apply(object segment, Node x, Node[]? inputs)
    {
        Tape tape = Tape.Current!, inner = tape.EnterInner();
        Node y;
        try
        {
            Node[] shown = inputs is null ? [] : [.. inputs.Select(inner.Show)];
            Node result = Compute(segment, inputs is null ? inner.Show(x) : x, shown);
            y = tape.Keep(result, s_instance, x);
        }
        finally
        {
            tape.LeaveInner();
        }

        y.Inputs = inputs;
        y.State.Object = segment;
        return new Tensor(y);
    }

    private static Node Compute(object segment, Node single, Node[] several) => segment is Func<Tensor, Tensor> one
        ? one(new Tensor(single)).UseAny()
        : ((Func<Tensor[], Tensor>)segment)([.. several.Select(static x => new Tensor(x))]).UseAny();

    /// <summary>A gradient that stood already was added to in place; one that did not is copied out.</summary>
    private static void Take(Tape tape, Node x, Node shown)
    {
        if (x.NeedsGradient && shown.Gradient != null && shown.Gradient != x.Gradient)
        {
            tape.AddGradient(x, shown.Gradient);
        }
    }
}
