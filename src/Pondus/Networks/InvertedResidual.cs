using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A block of a <see cref="MobileNetV2"/>: expand, filter each channel, project; the input is added where sizes allow.</summary>
internal sealed class InvertedResidual : Layer
{
    private readonly Sequential _layers;
    private readonly bool _adds;

    public InvertedResidual(int inChannels, int outChannels, int stride, int expandRatio, MobileNetV2Options options, RandomSource random, bool mayAdd = true)
    {
        int inner = inChannels * expandRatio;
        List<Layer> layers = [];
        if (expandRatio > 1)
        {
            layers.Add(new NormalizedConvolution(inChannels, inner, 1, 1, 1, options, random));
        }

        layers.Add(new NormalizedConvolution(inner, inner, 3, stride, inner, options, random));
        layers.Add(new Conv2d(inner, outChannels, 1, random, useBias: false, weightInitializer: new HeNormal()));
        layers.Add(new BatchNorm2d(outChannels, options.Epsilon));
        _layers = AddModule("conv", new Sequential([.. layers]));
        _adds = mayAdd && stride == 1 && inChannels == outChannels;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        Tensor h = _layers.Forward(x);
        return _adds ? x + h : h;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => _layers.OutputShape(input);
}
