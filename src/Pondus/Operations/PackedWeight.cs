using Pondus.Kernels;

namespace Pondus;

/// <summary>A weight (out, in) laid out for the matrix kernel once; immutable, so that many threads may read it.</summary>
internal sealed unsafe class PackedWeight
{
    private readonly float[] _home;
    private readonly float* _data;

    public PackedWeight(Parameter weight)
    {
        Version = weight.Node.Version;
        Outputs = weight.Shape[0];
        Inputs = weight.Shape[1];
        _home = PinnedBuffer.Allocate(Gemm.PackedCount(Outputs, Inputs), out _data);
        Gemm.Pack(Outputs, Inputs, weight.Node.Data, Inputs, true, _data);
    }

    public int Version { get; }

    public int Outputs { get; }

    public int Inputs { get; }

    public float* Data
    {
        get
        {
            GC.KeepAlive(_home);
            return _data;
        }
    }
}
