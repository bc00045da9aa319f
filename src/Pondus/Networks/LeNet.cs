using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>LeNet-5 as it is trained today: ReLU, and the largest value of each 2 x 2 pixels.</summary>
/// <remarks>
/// <para>Layers: convolutions of 5 x 5 to 6, 16 and 120 channels with pooling behind the first two, then 84 and the classes.</para>
/// <para>Shape: x (batch, channels, height, width), 32 x 32 in the paper and at least 28 x 28, to logits (batch, classes).</para>
/// <para>Names: <c>convnet.c1</c>, <c>convnet.c3</c>, <c>convnet.c5</c>, <c>fc.f6</c>, <c>fc.f7</c>.</para>
/// <para>Differs: the paper's averages, trained scale and radial basis outputs are gone; pictures of 28 x 28 are padded to 32 by the first convolution.</para>
/// <para>Source: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition", section II.</para>
/// </remarks>
public sealed class LeNet : Layer
{
    private readonly Body _convolutions;
    private readonly Body _head;
    private readonly int _inChannels;
    private readonly int _classCount;

    /// <summary>Makes the network.</summary>
    /// <param name="input">Sizes of a picture: (channels, height, width).</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <exception cref="ShapeException">The picture is smaller than 28 x 28.</exception>
    public LeNet(Shape input, int classCount, RandomSource random)
    {
        if (input.Rank != 3 || input[1] < 28 || input[2] < 28)
        {
            throw new ShapeException($"LeNet: expected pictures of (channels, height, width) from 28 x 28 on, got {input}.");
        }

        _inChannels = input[0];
        _classCount = classCount;
        // The last convolution needs 5 x 5 pixels to look at: 28 is too few without padding.
        int padding = Math.Min(input[1], input[2]) < 32 ? 2 : 0;
        int height = (((input[1] + (2 * padding) - 4) / 2) - 4) / 2, width = (((input[2] + (2 * padding) - 4) / 2) - 4) / 2;
        _convolutions = AddModule("convnet", new Body(
            ("c1", new Conv2d(input[0], 6, 5, random, padding: padding)),
            ("relu1", new Relu()),
            ("s2", new MaxPool2d(2)),
            ("c3", new Conv2d(6, 16, 5, random)),
            ("relu3", new Relu()),
            ("s4", new MaxPool2d(2)),
            ("c5", new Conv2d(16, 120, 5, random)),
            ("relu5", new Relu()),
            ("flatten", new Flatten())));
        _head = AddModule("fc", new Body(
            ("f6", new Linear(120 * (height - 4) * (width - 4), 84, random)),
            ("relu6", new Relu()),
            ("f7", new Linear(84, classCount, random))));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _head.Forward(_convolutions.Forward(x));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _head.OutputShape(_convolutions.OutputShape(input));

    /// <inheritdoc/>
    public override string ToString() => $"LeNet({_inChannels} -> {_classCount})";
}
