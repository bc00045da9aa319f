namespace Pondus.Layers;

/// <summary>Adds what layers compute to what went in: y = shortcut(x) + body(x), without a shortcut y = x + body(x).</summary>
/// <remarks>
/// <para>Shape: body and shortcut give one shape. Names of parameters start with <c>body.</c> and <c>shortcut.</c>.</para>
/// <para>Where the body ends in a <see cref="BatchNorm"/>, the sum, and a <see cref="Relu"/> behind this layer in a <see cref="Sequential"/>, are computed together with it; the numbers are the same.</para>
/// <para>Source: He et al. 2015, arXiv:1512.03385.</para>
/// </remarks>
public sealed class Residual : Layer, IReluFusing
{
    /// <summary>Makes the layer.</summary>
    /// <param name="body">What is added to the input.</param>
    /// <param name="shortcut">What the input goes through, or null to take it as it is.</param>
    public Residual(Layer body, Layer? shortcut = null)
    {
        Body = AddModule("body", body);
        Shortcut = shortcut is null ? null : AddModule("shortcut", shortcut);
    }

    /// <summary>Gets what is added to the input.</summary>
    public Layer Body { get; }

    /// <summary>Gets what the input goes through, or null.</summary>
    public Layer? Shortcut { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">Body and shortcut give other shapes.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, relu: false);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape added = Shortcut is null ? input : Shortcut.OutputShape(input), shape = Body.OutputShape(input);
        Check(added, shape);
        return shape;
    }

    /// <inheritdoc/>
    Tensor IReluFusing.Forward(Tensor x, bool relu) => Forward(x, relu);

    /// <inheritdoc/>
    public override string ToString() => $"Residual({Body}{(Shortcut is null ? string.Empty : $", {Shortcut}")})";

    private Tensor Forward(Tensor x, bool relu)
    {
        Tensor added = Shortcut is null ? x : Shortcut.Forward(x);
        if (Body is Sequential { Layers: [.., BatchNorm norm] } body)
        {
            Tensor inner = body.Forward(x, body.Layers.Count - 1);
            Check(added.Shape, inner.Shape);
            return norm.Forward(inner, relu, added);
        }

        Tensor y = Body.Forward(x);
        Check(added.Shape, y.Shape);
        y = added + y;
        return relu ? y.Relu() : y;
    }

    private void Check(in Shape added, in Shape body)
    {
        if (added != body)
        {
            throw new ShapeException($"Residual: expected body and shortcut to give one shape, got {body} and {added}.{(Shortcut is null ? " Give a shortcut that changes the shape." : string.Empty)}");
        }
    }
}
