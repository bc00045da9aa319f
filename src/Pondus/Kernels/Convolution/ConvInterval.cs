namespace Pondus.Kernels;

/// <summary>Positions along an axis that see the same taps.</summary>
internal struct ConvInterval
{
    public int Begin;
    public int End;
    public int FirstTap;
    public int LastTap;
}
