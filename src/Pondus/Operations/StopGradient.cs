namespace Pondus;

public readonly unsafe partial struct Tensor
{
    /// <summary>Gives the same values without their history: no gradient flows through. Nothing is copied.</summary>
    /// <returns>A view.</returns>
    public Tensor StopGradient()
    {
        Node a = Use();
        Node y = Tape.View(a.Shape, ReshapeOperation.Instance, a, a.Data);
        if (Tape.Current is not { Traces: true })
        {
            y.NeedsGradient = false;
            y.Operation = null;
            y.A = null;
        }

        return new Tensor(y);
    }
}
