namespace Pondus.Layers;

/// <summary>Threshold: 1 where x &gt; 0, else 0; nothing below it learns.</summary>
/// <remarks>
/// <para>Named after the step function's author, since <see cref="Pondus.Step"/> is a step of training; experiment files call it <c>Step</c>.</para>
/// <para>Shape: any, unchanged. Formula, gradient and source: <see cref="Tensor.Step"/>.</para>
/// </remarks>
public sealed class Heaviside : Layer
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Step();

    /// <inheritdoc/>
    public override string ToString() => "Heaviside()";
}
