using Pondus.Kernels;

namespace Pondus;

/// <summary>A convolution's weight laid out for the kernel once; immutable, so that many threads may read it.</summary>
internal sealed unsafe class PackedConvolution
{
    private readonly float[] _home;
    private readonly float* _data;

    public PackedConvolution(Parameter weight, ConvolutionSettings settings, in Shape input)
    {
        ConvGeometry geometry = settings.Geometry(input, settings.OutputShape(input));
        Version = weight.Node.Version;
        _home = PinnedBuffer.Allocate(ConvForward.PackedCount(in geometry), out _data);
        ConvForward.Pack(in geometry, weight.Node.Data, _data);
    }

    public int Version { get; }

    public float* Data
    {
        get
        {
            GC.KeepAlive(_home);
            return _data;
        }
    }
}
