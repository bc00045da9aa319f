namespace Pondus.Kernels;

/// <summary>Elementwise functions of two arguments and their gradients.</summary>
internal static unsafe class Binary
{
    public static void Forward(BinaryKind kind, float* a, nint strideA, float* b, nint strideB, float* y, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            float l = a[i * strideA], r = b[i * strideB];
            y[i] = kind switch
            {
                BinaryKind.Add => l + r,
                BinaryKind.Subtract => l - r,
                BinaryKind.Multiply => l * r,
                BinaryKind.Divide => l / r,
                BinaryKind.Power => MathF.Pow(l, r),
                BinaryKind.Maximum => MathF.Max(l, r),
                _ => MathF.Min(l, r),
            };
        }
    }

    public static void Backward(BinaryKind kind, bool toLeft, float* a, nint strideA, float* b, nint strideB, float* y, float* dy, float* d, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            float l = a == null ? 0 : a[i * strideA], r = b == null ? 0 : b[i * strideB], g = dy[i];
            d[i] = kind switch
            {
                BinaryKind.Add => g,
                BinaryKind.Subtract => toLeft ? g : -g,
                BinaryKind.Multiply => g * (toLeft ? r : l),
                BinaryKind.Divide => toLeft ? g / r : -g * (l / r / r),
                BinaryKind.Power => toLeft ? (r == 0 ? 0 : g * r * MathF.Pow(l, r - 1)) : (l == 0 && r >= 0 ? 0 : g * y[i] * MathF.Log(l)),
                BinaryKind.Maximum => l == r ? g / 2 : (toLeft ? l < r : l > r) ? 0 : g,
                _ => l == r ? g / 2 : (toLeft ? l > r : l < r) ? 0 : g,
            };
        }
    }
}
