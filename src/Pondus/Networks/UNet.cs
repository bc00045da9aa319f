using System.Globalization;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A U-Net: a value, or a row of class scores, for each pixel, from what is around it near and far.</summary>
/// <remarks>
/// <para>Going down, each level has two convolutions and halves the size by its largest values; going up, it doubles the size by a transposed convolution, takes in what its level had on the way down, and has two convolutions.</para>
/// <para>Shape: x (batch, channels, height, width) to y (batch, outputs, height, width); sizes divisible by 2 for each level but the first.</para>
/// <para>Names: <c>down1</c>, <c>down2</c>, ..., <c>up2.double</c>, <c>up2.block</c>, ..., <c>head</c>; a pair of convolutions is <c>0</c>, <c>1</c> (norm), <c>3</c>, <c>4</c>.</para>
/// <para>Differs: convolutions keep the size, and batch norms follow them.</para>
/// <para>Source: Ronneberger, Fischer and Brox 2015, arXiv:1505.04597.</para>
/// </remarks>
public sealed class UNet : Layer
{
    private readonly Sequential[] _down;
    private readonly Sequential[] _up;
    private readonly ConvTranspose2d[] _doubled;
    private readonly MaxPool2d[] _pools;
    private readonly Conv2d _head;
    private readonly int _inChannels;

    /// <summary>Makes the network.</summary>
    /// <param name="inChannels">Channels of the pictures, at least 1.</param>
    /// <param name="outChannels">Values for each pixel, such as classes, at least 1.</param>
    /// <param name="widths">Channels of each level, at least one level.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no level.</exception>
    public UNet(int inChannels, int outChannels, ReadOnlySpan<int> widths, RandomSource random)
    {
        if (widths.IsEmpty)
        {
            throw new ArgumentOutOfRangeException(nameof(widths), "UNet: expected at least one level, got none.");
        }

        _inChannels = inChannels;
        _down = new Sequential[widths.Length];
        _up = new Sequential[widths.Length - 1];
        _doubled = new ConvTranspose2d[widths.Length - 1];

        // One for each level: a pooling keeps the plan of the last size that it saw.
        _pools = [.. _doubled.Select(static _ => new MaxPool2d(2))];
        for (int i = 0; i < widths.Length; i++)
        {
            _down[i] = AddModule($"down{i + 1}", Pair(i == 0 ? inChannels : widths[i - 1], widths[i], random));
        }

        for (int i = widths.Length - 2; i >= 0; i--)
        {
            _doubled[i] = new ConvTranspose2d(widths[i + 1], widths[i], 2, random, stride: 2);
            _up[i] = Pair(2 * widths[i], widths[i], random);
            AddModule($"up{i + 1}", new Body(("double", _doubled[i]), ("block", _up[i])));
        }

        _head = AddModule("head", new Conv2d(widths[0], outChannels, 1, random));
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A size cannot be halved often enough.</exception>
    public override Tensor Forward(Tensor x)
    {
        CheckSizes(x.Shape, 2);
        return _head.Forward(Level(0, x));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        CheckSizes(input, 1);
        return _head.OutputShape([_head.InChannels, input[1], input[2]]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"UNet({_inChannels} -> {_head.OutChannels}, {_down.Length} levels)";

    /// <summary>A level with all that lie below it.</summary>
    private Tensor Level(int level, Tensor x)
    {
        Tensor h = _down[level].Forward(x);
        return level == _up.Length
            ? h
            : _up[level].Forward(Tensor.Concatenate(1, h, _doubled[level].Forward(Level(level + 1, _pools[level].Forward(h)))));
    }

    private static Sequential Pair(int inChannels, int outChannels, RandomSource random) => new(
        ResidualBlock.Convolution(inChannels, outChannels, 3, random),
        new BatchNorm2d(outChannels),
        new Relu(),
        ResidualBlock.Convolution(outChannels, outChannels, 3, random),
        new BatchNorm2d(outChannels),
        new Relu());

    private void CheckSizes(in Shape shape, int first)
    {
        int unit = 1 << _up.Length;
        if (shape.Rank != first + 2 || shape[first] % unit != 0 || shape[first + 1] % unit != 0)
        {
            throw new ShapeException($"UNet: expected pictures with sizes divisible by {unit.ToString(CultureInfo.InvariantCulture)}, got {shape}.");
        }
    }
}
