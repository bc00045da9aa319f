using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A residual network: blocks of convolutions that learn what to add to their input.</summary>
/// <remarks>
/// <para>Shape: x (batch, channels, height, width) to logits (batch, classes).</para>
/// <para>Names: torchvision's (<c>conv1</c>, <c>bn1</c>, <c>layer1.0.conv1</c>, <c>layer2.0.downsample.0</c>, <c>fc</c>); with a small stem the last layer is <c>linear</c>, as in the networks for CIFAR.</para>
/// <para>Start: convolutions normal with deviation sqrt(2 / fan-in). A stage's first block has the stride, at its 3 x 3 convolution as in torchvision.</para>
/// <para>Source: He, Zhang, Ren and Sun 2016, arXiv:1512.03385.</para>
/// </remarks>
public sealed class ResNet : Layer
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;
    private readonly MaxPool2d? _pool;
    private readonly Sequential[] _stages;
    private readonly GlobalAvgPool2d _average = new();
    private readonly Linear _head;

    /// <summary>Makes the network.</summary>
    /// <param name="inChannels">Channels of the pictures, at least 1.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="options">What it is made of, such as <see cref="ResNetOptions.OfDepth"/>.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many widths as depths, or one is below 1.</exception>
    public ResNet(int inChannels, int classCount, ResNetOptions options, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Depths.Count == 0 || options.Depths.Count != options.Widths.Count || options.Depths.Any(static d => d < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"ResNet: expected a depth of at least 1 and a width for each stage, got {options.Depths.Count} depths and {options.Widths.Count} widths.");
        }

        int width = options.StemWidth, size = options.SmallStem ? 3 : 7;
        _convolution = AddModule("conv1", ResidualBlock.Convolution(inChannels, width, size, random, options.SmallStem ? 1 : 2));
        _norm = AddModule("bn1", new BatchNorm2d(width));
        _pool = options.SmallStem ? null : new MaxPool2d(3, stride: 2, padding: 1);
        _stages = new Sequential[options.Depths.Count];
        for (int i = 0; i < _stages.Length; i++)
        {
            Layer[] blocks = new Layer[options.Depths[i]];
            for (int j = 0; j < blocks.Length; j++)
            {
                blocks[j] = new ResidualBlock(width, options.Widths[i], i > 0 && j == 0 ? 2 : 1, options, random);
                width = options.Widths[i];
            }

            _stages[i] = AddModule($"layer{i + 1}", new Sequential(blocks));
        }

        _head = AddModule(options.SmallStem ? "linear" : "fc", new Linear(width, classCount, random));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor h = _norm.Forward(_convolution.Forward(x), relu: true);
        h = _pool is null ? h : _pool.Forward(h);
        foreach (Sequential stage in _stages)
        {
            h = stage.Forward(h);
        }

        return _head.Forward(_average.Forward(h));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => [_head.OutFeatures];

    /// <inheritdoc/>
    public override string ToString() => $"ResNet({_convolution.InChannels} -> {_head.OutFeatures}, blocks {string.Join('-', _stages.Select(static s => s.Layers.Count))})";
}
