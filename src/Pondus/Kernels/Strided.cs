namespace Pondus.Kernels;

/// <summary>Copies between strided views and contiguous memory.</summary>
internal static unsafe class Strided
{
    public static void Copy(float* source, ReadOnlySpan<int> shape, ReadOnlySpan<nint> strides, float* destination, bool add)
    {
        if (shape.Length == 0) { *destination = add ? *destination + *source : *source; return; }
        nint size = 1;
        for (int d = 1; d < shape.Length; d++) { size *= shape[d]; }
        for (int i = 0; i < shape[0]; i++)
        {
            Copy(source + (i * strides[0]), shape[1..], strides[1..], destination + (i * size), add);
        }
    }

    public static void Scatter(float* source, ReadOnlySpan<int> shape, ReadOnlySpan<nint> strides, float* destination, bool add)
    {
        if (shape.Length == 0) { *destination = add ? *destination + *source : *source; return; }
        nint size = 1;
        for (int d = 1; d < shape.Length; d++) { size *= shape[d]; }
        for (int i = 0; i < shape[0]; i++)
        {
            Scatter(source + (i * size), shape[1..], strides[1..], destination + (i * strides[0]), add);
        }
    }
}
