using Pondus.Kernels;

namespace Pondus;

/// <summary>A weight (out, in), or (in, out), laid out for the matrix kernel once; immutable, so that many threads may read it.</summary>
internal sealed unsafe class PackedWeight
{
    private readonly float[] _home;
    private readonly float* _data;

    public PackedWeight(Parameter weight, bool inputsFirst = false)
    {
        Version = weight.Node.Version;
        Outputs = weight.Shape[inputsFirst ? 1 : 0];
        Inputs = weight.Shape[inputsFirst ? 0 : 1];
        _home = PinnedBuffer.Allocate(Gemm.PackedCount(Outputs, Inputs), out _data);
        Gemm.Pack(Outputs, Inputs, weight.Node.Data, inputsFirst ? Outputs : Inputs, !inputsFirst, _data);
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
