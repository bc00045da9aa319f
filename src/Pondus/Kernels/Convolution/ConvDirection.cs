namespace Pondus.Kernels;

/// <summary>Places along one direction of a rectangle: how many, and their distances in floats.</summary>
internal struct ConvDirection
{
    public int Count;
    public nint X;
    public nint Y;
}
