namespace Pondus;

/// <summary>Takes the place of an operation whose gradient has been passed on: its buffers are gone, so it cannot run again.</summary>
internal sealed class UsedOperation : Operation
{
    public static readonly UsedOperation Instance = new();

    private UsedOperation()
    {
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape, Node result) =>
        throw new InvalidOperationException("Backward: a part of this tensor's history was used by an earlier Backward in this step. Add the losses and call Backward once.");
}
