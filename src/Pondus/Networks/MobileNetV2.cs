using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A small network of depthwise convolutions: blocks expand, filter each channel alone, and project back to few channels.</summary>
/// <remarks>
/// <para>Shape: x (batch, channels, height, width) to logits (batch, classes).</para>
/// <para>Names: torchvision's (<c>features.0.0</c>, <c>features.1.conv.0.0</c>, <c>classifier.1</c>).</para>
/// <para>Widths are rounded to multiples of 8, not below nine tenths; the last one does not shrink with the multiplier.</para>
/// <para>Source: Sandler, Howard, Zhu, Zhmoginov and Chen 2018, arXiv:1801.04381, table 2.</para>
/// </remarks>
public sealed class MobileNetV2 : Layer
{
    private const int LastWidth = 1280;

    // Channels, blocks and stride of each stage in table 2, behind the first block.
    private static readonly (int Width, int Count, int Stride)[] s_stages = [(24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)];

    private readonly Sequential _features;
    private readonly GlobalAvgPool2d _average = new();
    private readonly Sequential _classifier;
    private readonly int _inChannels;
    private readonly int _classCount;

    /// <summary>Makes the network.</summary>
    /// <param name="inChannels">Channels of the pictures, at least 1.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="options">What it is made of; null takes torchvision's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public MobileNetV2(int inChannels, int classCount, RandomSource random, MobileNetV2Options? options = null)
    {
        options ??= new MobileNetV2Options();
        if (!(options.WidthMultiplier > 0f) || options.ExpandRatio < 1 || options.Halvings is < 0 or > 5)
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"MobileNetV2: expected a width multiplier above 0, an expand ratio of at least 1 and 0 to 5 halvings, got {options.WidthMultiplier}, {options.ExpandRatio} and {options.Halvings}.");
        }

        // The first strides are left out: a small picture keeps its size until later.
        int skipped = 5 - options.Halvings;
        int Stride(int wanted) => wanted == 1 || skipped-- > 0 ? 1 : 2;
        int width = Round(32 * options.WidthMultiplier), first = Round(16 * options.WidthMultiplier);
        List<Layer> layers =
        [
            new NormalizedConvolution(inChannels, width, 3, Stride(2), 1, options, random),
            new InvertedResidual(width, first, 1, 1, options, random, options.ShortcutInFirstBlock),
        ];
        width = first;
        foreach ((int channels, int count, int stride) in s_stages)
        {
            for (int i = 0; i < count; i++)
            {
                int next = Round(channels * options.WidthMultiplier);
                layers.Add(new InvertedResidual(width, next, Stride(i == 0 ? stride : 1), options.ExpandRatio, options, random));
                width = next;
            }
        }

        int last = Round(LastWidth * Math.Max(1f, options.WidthMultiplier));
        layers.Add(new NormalizedConvolution(width, last, 1, 1, 1, options, random));
        _inChannels = inChannels;
        _classCount = classCount;
        _features = AddModule("features", new Sequential([.. layers]));
        _classifier = AddModule("classifier", new Sequential(new Dropout(options.Dropout, random), new Linear(last, classCount, random)));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _classifier.Forward(_average.Forward(_features.Forward(x)));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [_classCount];

    /// <inheritdoc/>
    public override string ToString() => $"MobileNetV2({_inChannels} -> {_classCount})";

    /// <summary>Rounds to a multiple of 8, at least 8 and not below nine tenths.</summary>
    internal static int Round(float channels)
    {
        int rounded = Math.Max(8, (int)(channels + 4) / 8 * 8);
        return rounded < 0.9f * channels ? rounded + 8 : rounded;
    }
}
