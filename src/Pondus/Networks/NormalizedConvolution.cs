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
    private readonly bool _padsItself;

    public NormalizedConvolution(int inChannels, int outChannels, int size, int stride, int groups, MobileNetV2Options options, RandomSource random)
    {
        _padsItself = options.PadsAsTensorFlow && stride > 1;
        _convolution = AddModule("0", new Conv2d(inChannels, outChannels, size, random, stride: stride, padding: _padsItself ? 0 : size / 2, groups: groups, useBias: false, weightInitializer: new HeNormal()));
        _norm = AddModule("1", new BatchNorm2d(outChannels, options.Epsilon));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => _norm.Forward(_convolution.Forward(_padsItself ? Pad(x) : x), relu: true).Minimum(s_ceiling);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _convolution.OutputShape(_padsItself ? [input[0], input[1] + Zeros(input[1]), input[2] + Zeros(input[2])] : input);

    // So many that the result has size / stride places, rounded up.
    private static int Zeros(int size) => size % 2 == 0 ? 1 : 2;

    private static Tensor Pad(Tensor x)
    {
        for (int axis = 2; axis < 4; axis++)
        {
            int[] sizes = x.Shape.ToArray();
            int zeros = Zeros(sizes[axis]);
            sizes[axis] = 1;
            Tensor line = Tensor.Zeros(new Shape(sizes));
            x = zeros == 1 ? Tensor.Concatenate(axis, x, line) : Tensor.Concatenate(axis, line, x, line);
        }

        return x;
    }
}
