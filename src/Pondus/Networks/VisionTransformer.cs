using System.Globalization;
using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A transformer over the patches of a picture, which tells its class: ViT.</summary>
/// <remarks>
/// <para>Shape: x (batch, channels, height, width) to logits (batch, classes), read from a token of its own in front of the patches.</para>
/// <para>Names and shapes of parameters: those of Hugging Face's ViTForImageClassification, so its safetensors load by name and its loader reads Pondus's.</para>
/// <para>Start: truncated normal with deviation 0.02, biases 0. Source: Dosovitskiy et al. 2021, arXiv:2010.11929.</para>
/// </remarks>
public sealed class VisionTransformer : Layer
{
    private readonly Parameter _classToken;
    private readonly Parameter _positions;
    private readonly Conv2d _patches;
    private readonly VisionBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _classifier;
    private readonly Dropout? _dropout;

    /// <summary>Makes the network.</summary>
    /// <param name="settings">Its sizes.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public VisionTransformer(VisionTransformerSettings settings, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        settings.Check();
        Settings = settings;
        int side = settings.ImageSize / settings.PatchSize;
        Initializer start = new TruncatedNormal(0f, 0.02f);
        _classToken = AddParameter("vit.embeddings.cls_token", [1, 1, settings.Width], start, random);
        _positions = AddParameter("vit.embeddings.position_embeddings", [1, (side * side) + 1, settings.Width], start, random);
        _patches = AddModule("vit.embeddings.patch_embeddings.projection", new Conv2d(settings.Channels, settings.Width, settings.PatchSize, random, stride: settings.PatchSize, weightInitializer: start, biasInitializer: new Zeros()));
        _dropout = settings.Dropout > 0 ? AddModule("vit.embeddings.dropout", new Dropout(settings.Dropout, random)) : null;
        _blocks = new VisionBlock[settings.Layers];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = AddModule("vit.encoder.layer." + i.ToString(CultureInfo.InvariantCulture), new VisionBlock(settings, random, start));
        }

        _norm = AddModule("vit.layernorm", new LayerNorm([settings.Width], settings.Epsilon));
        _classifier = AddModule("classifier", new Linear(settings.Width, settings.Classes, random, weightInitializer: start, biasInitializer: new Zeros()));
    }

    /// <summary>Gets the sizes.</summary>
    public VisionTransformerSettings Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no batch of pictures of the network's size.</exception>
    public override Tensor Forward(Tensor x)
    {
        Shape shape = x.Shape;
        if (shape.Rank != 4 || shape[1] != Settings.Channels || shape[2] != Settings.ImageSize || shape[3] != Settings.ImageSize)
        {
            throw new ShapeException($"{this}: expected pictures of shape (batch, {Settings.Channels}, {Settings.ImageSize}, {Settings.ImageSize}), got {shape}.");
        }

        int batch = shape[0], width = Settings.Width;
        Tensor patches = _patches.Forward(x).Flatten(2).Transpose(1, 2);
        x = Tensor.Concatenate(1, _classToken.ToTensor() + LayoutOperation.Zeros([batch, 1, width], channelsLast: false), patches) + _positions.ToTensor();
        x = _dropout?.Forward(x) ?? x;
        foreach (VisionBlock block in _blocks)
        {
            x = block.Forward(x);
        }

        return _classifier.Forward(_norm.Forward(x.Slice(1, 0, 1).Reshape([batch, width])));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [Settings.Classes];

    /// <inheritdoc/>
    public override string ToString() => $"VisionTransformer({Settings.Layers} layers, {Settings.Heads} heads, width {Settings.Width}, patches {Settings.PatchSize} of {Settings.ImageSize}, {Settings.Classes} classes)";
}
