using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>Convolution, batch norm and ReLU6, named 0 and 1 as in torchvision.</summary>
internal sealed class NormalizedConvolution : Layer
{
    // ReLU6 is ReLU, which the norm computes on its way, under a ceiling.
    private static readonly Tensor s_ceiling = Tensor.Of([6f], [1, 1, 1, 1]);
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _norm;

    // Zeros around a picture so that a stride of 2 gives half its places, rounded up: for even and odd widths, of even heights and then of odd ones. Empty where the convolution pads.
    private readonly ZeroPad2d[] _pads;

    public NormalizedConvolution(int inChannels, int outChannels, int size, int stride, int groups, MobileNetV2Options options, RandomSource random)
    {
        _pads = options.PadsAsTensorFlow && stride > 1 ? [new(new PadSize(0, 1, 0, 1)), new(new PadSize(1, 1, 0, 1)), new(new PadSize(0, 1, 1, 1)), new(1)] : [];
        _convolution = AddModule("0", new Conv2d(inChannels, outChannels, size, random, stride: stride, padding: _pads.Length > 0 ? 0 : size / 2, groups: groups, useBias: false, weightInitializer: new HeNormal()));
        _norm = AddModule("1", new BatchNorm2d(outChannels, options.Epsilon));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _norm.Forward(_convolution.Forward(Pad(x.Shape)?.Forward(x) ?? x), relu: true).Minimum(s_ceiling);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _convolution.OutputShape(Pad(input)?.OutputShape(input) ?? input);

    private ZeroPad2d? Pad(in Shape pictures) => _pads.Length == 0 ? null : _pads[(2 * (pictures[^2] & 1)) + (pictures[^1] & 1)];
}
