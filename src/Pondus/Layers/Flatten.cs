namespace Pondus.Layers;

/// <summary>Joins all axes behind the batch into one.</summary>
/// <remarks>Shape: (batch, ...) to (batch, product of the others). Nothing is copied.</remarks>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Rank == 1 ? x.Reshape([x.Count, 1]) : x.Flatten(1);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [input.Count];

    /// <inheritdoc/>
    public override string ToString() => "Flatten()";
}
