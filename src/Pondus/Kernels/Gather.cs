namespace Pondus.Kernels;

/// <summary>Reads and adds rows named by an index.</summary>
internal static unsafe class Gather
{
    public static void Rows(float* source, nint width, int* indices, nint count, float* destination)
    {
        for (nint i = 0; i < count; i++) { Arithmetic.Copy(source + (indices[i] * width), destination + (i * width), width); }
    }

    public static void AddRows(float* source, nint width, int* indices, nint count, float* destination)
    {
        for (nint i = 0; i < count; i++) { Arithmetic.AddTo(source + (i * width), destination + (indices[i] * width), width); }
    }
}
