using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A network that learns to give back its input through a narrow middle, the code.</summary>
/// <remarks>
/// <para>Shape: x (batch, ...) to the same shape; the code is (batch, code size), or of the convolutional kind (batch, channels, height, width).</para>
/// <para>Names: <c>encoder.0</c>, <c>encoder.2</c>, ..., <c>decoder.0</c>, ...: places in a <see cref="Sequential"/>.</para>
/// <para>Source: Hinton and Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".</para>
/// </remarks>
public sealed class Autoencoder : Layer
{
    private readonly Shape _input;

    private Autoencoder(Shape input, List<Layer> encoder, List<Layer> decoder)
    {
        _input = input;
        Encoder = AddModule("encoder", new Sequential([.. encoder]));
        Decoder = AddModule("decoder", new Sequential([.. decoder]));
    }

    /// <summary>Gets what makes the code.</summary>
    public Layer Encoder { get; }

    /// <summary>Gets what makes the input again, its axes behind the batch as one where the network is dense.</summary>
    public Layer Decoder { get; }

    /// <summary>Makes one of linear layers.</summary>
    /// <param name="input">Sizes of one sample.</param>
    /// <param name="hidden">Sizes of the layers between input and code, first to last; the way back is their mirror.</param>
    /// <param name="codeSize">Size of the code, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <returns>The network.</returns>
    public static Autoencoder Dense(Shape input, ReadOnlySpan<int> hidden, int codeSize, RandomSource random)
    {
        List<Layer> encoder = input.Rank > 1 ? [new Flatten()] : [], decoder = [];
        int size = input.Count;
        foreach (int next in hidden)
        {
            encoder.Add(new Linear(size, next, random));
            encoder.Add(new Relu());
            size = next;
        }

        encoder.Add(new Linear(size, codeSize, random));
        size = codeSize;
        for (int i = hidden.Length - 1; i >= 0; i--)
        {
            decoder.Add(new Linear(size, hidden[i], random));
            decoder.Add(new Relu());
            size = hidden[i];
        }

        decoder.Add(new Linear(size, input.Count, random));
        return new Autoencoder(input, encoder, decoder);
    }

    /// <summary>Makes one of convolutions: each level halves the size on the way to the code and doubles it on the way back.</summary>
    /// <param name="input">Sizes of a picture: (channels, height, width), divisible by 2 for each level.</param>
    /// <param name="widths">Channels of each level; the last are those of the code.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ShapeException">A size cannot be halved often enough.</exception>
    public static Autoencoder Convolutional(Shape input, ReadOnlySpan<int> widths, RandomSource random)
    {
        int unit = 1 << widths.Length;
        if (input.Rank != 3 || widths.IsEmpty || input[1] % unit != 0 || input[2] % unit != 0)
        {
            throw new ShapeException($"Autoencoder: expected pictures (channels, height, width) with sizes divisible by {unit}, got {input}.");
        }

        List<Layer> encoder = [], decoder = [];
        for (int i = 0; i < widths.Length; i++)
        {
            encoder.Add(new Conv2d(i == 0 ? input[0] : widths[i - 1], widths[i], 3, random, stride: 2, padding: 1));
            if (i + 1 < widths.Length)
            {
                encoder.Add(new Relu());
            }
        }

        for (int i = widths.Length - 1; i >= 0; i--)
        {
            decoder.Add(new ConvTranspose2d(widths[i], i == 0 ? input[0] : widths[i - 1], 4, random, stride: 2, padding: 1));
            if (i > 0)
            {
                decoder.Add(new Relu());
            }
        }

        return new Autoencoder(input, encoder, decoder);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Decoder.Forward(Encoder.Forward(x)).Reshape(x.Shape);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _input;

    /// <inheritdoc/>
    public override string ToString() => $"Autoencoder{_input}";
}
