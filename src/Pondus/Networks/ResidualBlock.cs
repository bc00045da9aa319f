using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A block of a <see cref="ResNet"/>: y = relu(convolutions(x) + shortcut(x)).</summary>
internal sealed class ResidualBlock : Layer
{
    private readonly Conv2d[] _convolutions;
    private readonly BatchNorm2d[] _norms;
    private readonly Conv2d? _projection;
    private readonly BatchNorm2d? _projectionNorm;
    private readonly int _stride;
    private readonly int _added;

    public ResidualBlock(int inChannels, int outChannels, int stride, ResNetOptions options, RandomSource random)
    {
        int inner = options.Bottleneck ? Math.Max(1, outChannels / 4) : outChannels;
        _stride = stride;
        _convolutions = options.Bottleneck
            ? [Convolution(inChannels, inner, 1, random), Convolution(inner, inner, 3, random, stride), Convolution(inner, outChannels, 1, random)]
            : [Convolution(inChannels, inner, 3, random, stride), Convolution(inner, outChannels, 3, random)];
        _norms = new BatchNorm2d[_convolutions.Length];
        for (int i = 0; i < _norms.Length; i++)
        {
            AddModule($"conv{i + 1}", _convolutions[i]);
            _norms[i] = AddModule($"bn{i + 1}", new BatchNorm2d(i + 1 < _norms.Length ? inner : outChannels));
        }

        if (stride == 1 && inChannels == outChannels)
        {
            return;
        }

        if (options.PadsShortcuts)
        {
            _added = outChannels - inChannels;
            return;
        }

        _projection = Convolution(inChannels, outChannels, 1, random, stride);
        _projectionNorm = new BatchNorm2d(outChannels);
        AddModule("downsample", new Sequential(_projection, _projectionNorm));
    }

    /// <summary>A convolution that keeps the size but for its stride, without bias, for what a batch norm follows.</summary>
    public static Conv2d Convolution(int inChannels, int outChannels, int size, RandomSource random, int stride = 1) =>
        new(inChannels, outChannels, size, random, stride: stride, padding: size / 2, useBias: false, weightInitializer: new HeNormal());

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor h = x;
        for (int i = 0; i < _convolutions.Length - 1; i++)
        {
            h = _norms[i].Forward(_convolutions[i].Forward(h), relu: true);
        }

        return _norms[^1].Forward(_convolutions[^1].Forward(h), relu: true, Shortcut(x));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        foreach (Conv2d convolution in _convolutions)
        {
            input = convolution.OutputShape(input);
        }

        return input;
    }

    private Tensor Shortcut(Tensor x)
    {
        if (_projection is not null)
        {
            return _projectionNorm!.Forward(_projection.Forward(x), relu: false);
        }

        if (_stride > 1)
        {
            x = x.Slice(2, 0, ((x.Shape[2] - 1) / _stride) + 1, _stride).Slice(3, 0, ((x.Shape[3] - 1) / _stride) + 1, _stride);
        }

        if (_added == 0)
        {
            return x;
        }

        Tensor before = LayoutOperation.Zeros(x.Shape.With(1, _added / 2), channelsLast: true), after = LayoutOperation.Zeros(x.Shape.With(1, _added - (_added / 2)), channelsLast: true);
        return Tensor.Concatenate(1, before, x, after);
    }
}
