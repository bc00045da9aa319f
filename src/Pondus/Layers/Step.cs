namespace Pondus.Layers;

/// <summary>Threshold: 1 where x &gt; 0, else 0; nothing below it learns.</summary>
/// <remarks>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Step"/>.</remarks>
public sealed class Step : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Step();

    /// <inheritdoc/>
    public override string ToString() => "Step()";
}
