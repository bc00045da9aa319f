namespace Pondus;

/// <summary>What a closure would have captured: scalars and scratch that an operation keeps for its backward pass.</summary>
internal unsafe struct OperationState
{
    public float F0;
    public float F1;
    public double D0;
    public int I0;
    public int I1;
    public int I2;
    public ulong Key;
    public ulong Counter;
    public float* Saved;
    public int* Integers;
    public object? Object;
}
