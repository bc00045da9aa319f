namespace Pondus;

/// <summary>The states in which a recurrent layer ended, (directions, batch, hidden).</summary>
internal sealed unsafe class FinalStateOperation : Operation
{
    private static readonly FinalStateOperation s_instance = new();

    public static Tensor Apply(Node outputs, bool ofCell)
    {
        Node y = Tape.Result(RecurrentOperation.StateShape(outputs), s_instance, outputs);
        y.State.I0 = ofCell ? 1 : 0;
        RecurrentOperation.CopyStates(outputs, ofCell, y.Data);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result) => result.State.I0 == 0
        ? RecurrentOperation.DescribeLastHidden(sketch, result.A!)
        : throw new NotSupportedException("the last cell of a recurrent layer");

    public override void Backward(Tape tape, Node y) => RecurrentOperation.TakeStateGradient(tape, y.A!, y.Gradient, y.Count, y.State.I0 == 1);
}
