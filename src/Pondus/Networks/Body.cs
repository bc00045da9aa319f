using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>Layers one after the other, each under a name of its own.</summary>
internal sealed class Body : Layer
{
    private readonly Sequential _layers;

    public Body(params ReadOnlySpan<(string Name, Layer Layer)> layers)
    {
        Layer[] all = new Layer[layers.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = AddModule(layers[i].Name, layers[i].Layer);
        }

        _layers = new Sequential(all);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _layers.Forward(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _layers.OutputShape(input);
}
