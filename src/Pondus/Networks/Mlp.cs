using System.Globalization;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A multi-layer perceptron: linear layers with an activation between them.</summary>
/// <remarks>
/// <para>Shape: x (batch, ...) to y (batch, outputs); a sample of several axes is flattened first.</para>
/// <para>Names: places as in a <see cref="Sequential"/>, layers without parameters counted too: <c>0.weight</c>, <c>2.bias</c>.</para>
/// </remarks>
public sealed class Mlp : Layer
{
    private readonly Sequential _body;
    private readonly int[] _sizes;

    /// <summary>Makes the network.</summary>
    /// <param name="input">Sizes of one sample.</param>
    /// <param name="hidden">Sizes of the hidden layers, first to last; none gives a linear model.</param>
    /// <param name="outputCount">Number of outputs, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="activation">Makes the activation behind each hidden layer; null takes <see cref="Relu"/>.</param>
    /// <param name="dropout">Dropout behind each activation, in [0, 1).</param>
    /// <param name="weightInitializer">Start of the hidden layers' weights; null takes the layer's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the dropout outside its range.</exception>
    public Mlp(Shape input, ReadOnlySpan<int> hidden, int outputCount, RandomSource random, Func<Layer>? activation = null, float dropout = 0f, Initializer? weightInitializer = null)
    {
        List<Layer> layers = input.Rank > 1 ? [new Flatten()] : [];
        int size = input.Count;
        foreach (int next in hidden)
        {
            layers.Add(new Linear(size, next, random, weightInitializer: weightInitializer));
            layers.Add(activation?.Invoke() ?? new Relu());
            if (dropout != 0f)
            {
                layers.Add(new Dropout(dropout, random));
            }

            size = next;
        }

        layers.Add(new Linear(size, outputCount, random));
        _sizes = [input.Count, .. hidden, outputCount];
        _body = new Sequential([.. layers]);
        for (int i = 0; i < layers.Count; i++)
        {
            AddModule(i.ToString(CultureInfo.InvariantCulture), layers[i]);
        }
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _body.Forward(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _body.OutputShape(input);

    /// <inheritdoc/>
    public override string ToString() => $"Mlp({string.Join(" -> ", _sizes)})";
}
