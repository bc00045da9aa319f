namespace Pondus.Onnx;

/// <summary>A wish that an operator compute the ReLU behind it too, and whether it did.</summary>
internal sealed class ReluWish
{
    public bool IsDone { get; private set; }

    /// <summary>Takes the wish: the caller's output must have the ReLU in it.</summary>
    public bool Take() => IsDone = true;
}
