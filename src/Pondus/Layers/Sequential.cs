namespace Pondus.Layers;

/// <summary>Layers one after the other; the names of their parameters start with their place: <c>0.weight</c>.</summary>
/// <remarks>
/// A <see cref="Relu"/> right behind a <see cref="Linear"/>, a <see cref="Convolution"/> or a <see cref="BatchNorm"/> is computed together with it, and so is a
/// <see cref="Silu"/> behind a <see cref="GroupNorm"/>, and a <see cref="MaxPool2d"/> of two by two places behind a convolution; the numbers are the same.
/// </remarks>
public sealed class Sequential : Layer
{
    private readonly Layer[] _layers;

    /// <summary>Makes the sequence.</summary>
    /// <param name="layers">The layers, first to last.</param>
    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        _layers = layers.ToArray();
        for (int i = 0; i < _layers.Length; i++)
        {
            AddModule(i.ToString(System.Globalization.CultureInfo.InvariantCulture), _layers[i]);
        }
    }

    /// <summary>Gets the layers.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Forward(x, _layers.Length);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        foreach (Layer layer in _layers)
        {
            input = layer.OutputShape(input);
        }

        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sequential({string.Join(", ", _layers.Select(static l => l.ToString()))})";

    /// <summary>Computes the first layers only.</summary>
    internal Tensor Forward(Tensor x, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_layers[i] is IReluFusing fusing)
            {
                bool relu = i + 1 < count && _layers[i + 1] is Relu;
                i += relu ? 1 : 0;
                if (fusing is Convolution convolution && i + 1 < count && _layers[i + 1] is MaxPool2d { IsTwoByTwo: true } && convolution.CanPool(x.Shape))
                {
                    x = convolution.Forward(x, relu, pooled: true);
                    i++;
                }
                else
                {
                    x = fusing.Forward(x, relu);
                }
            }
            else if (_layers[i] is GroupNorm norm)
            {
                bool silu = i + 1 < count && _layers[i + 1] is Silu;
                x = norm.Forward(x, silu);
                i += silu ? 1 : 0;
            }
            else
            {
                x = _layers[i].Forward(x);
            }
        }

        return x;
    }
}
