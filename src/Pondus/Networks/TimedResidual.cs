using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A block of a <see cref="DiffusionUNet"/>: two convolutions, the time added between them, and a shortcut.</summary>
internal sealed class TimedResidual : Module
{
    private readonly GroupNorm _norm1;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _convolution1;
    private readonly Conv2d _convolution2;
    private readonly Linear _time;
    private readonly Conv2d? _shortcut;

    public TimedResidual(int inChannels, int outChannels, int timeWidth, int groups, RandomSource random)
    {
        _norm1 = AddModule("n1", new GroupNorm(groups, inChannels));
        _convolution1 = AddModule("c1", new Conv2d(inChannels, outChannels, 3, random, padding: 1));
        _time = AddModule("t", new Linear(timeWidth, outChannels, random));
        _norm2 = AddModule("n2", new GroupNorm(groups, outChannels));
        _convolution2 = AddModule("c2", new Conv2d(outChannels, outChannels, 3, random, padding: 1));
        _shortcut = inChannels == outChannels ? null : AddModule("sk", new Conv2d(inChannels, outChannels, 1, random));
    }

    public Tensor Forward(Tensor x, Tensor time)
    {
        Tensor told = _time.Forward(time);
        Tensor h = _convolution1.Forward(_norm1.Forward(x, silu: true)) + told.Reshape([told.Shape[0], told.Shape[1], 1, 1]);
        return _convolution2.Forward(_norm2.Forward(h, silu: true)) + (_shortcut is null ? x : _shortcut.Forward(x));
    }
}
