using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Elementwise functions of two arguments and their gradients; a stride of 0 repeats one number.</summary>
internal static unsafe class Binary
{
    private interface IBinaryOperator
    {
        static abstract TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV>;
    }

    /// <summary>y = f(a, b); y may be a or b when its stride is 1.</summary>
    public static void Forward(BinaryKind kind, float* a, nint strideA, float* b, nint strideB, float* y, nint n)
    {
        if (n <= 0)
        {
            return;
        }

        switch (kind)
        {
            case BinaryKind.Add:
                Map<AddOperator>(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Subtract:
                Map<SubtractOperator>(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Multiply:
                Map<MultiplyOperator>(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Divide:
                Map<DivideOperator>(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Power:
                Power(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Maximum:
                Map<MaximumOperator>(a, strideA, b, strideB, y, n);
                break;
            case BinaryKind.Minimum:
                Map<MinimumOperator>(a, strideA, b, strideB, y, n);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Binary: expected a known function, got another number.");
        }
    }

    /// <summary>d = the gradient with respect to one side, in full size; an operand that the gradient does not need may be null.</summary>
    public static void Backward(BinaryKind kind, bool toLeft, float* a, nint strideA, float* b, nint strideB, float* y, float* dy, float* d, nint n)
    {
        if (n <= 0)
        {
            return;
        }

        switch (kind)
        {
            case BinaryKind.Add:
            case BinaryKind.Subtract when toLeft:
                Arithmetic.Copy(dy, d, n);
                break;
            case BinaryKind.Subtract:
                Arithmetic.Scale(dy, -1, d, n);
                break;
            case BinaryKind.Multiply:
                Map<MultiplyOperator>(dy, 1, toLeft ? b : a, toLeft ? strideB : strideA, d, n);
                break;
            case BinaryKind.Divide when toLeft:
                Map<DivideOperator>(dy, 1, b, strideB, d, n);
                break;
            case BinaryKind.Divide:
                // -dy a / b^2 = -dy y / b
                Map<NegatedProductOperator>(dy, 1, y, 1, d, n);
                Map<DivideOperator>(d, 1, b, strideB, d, n);
                break;
            case BinaryKind.Power:
                Launch.Range(new PowerGradientKernel { A = a, StrideA = strideA, B = b, StrideB = strideB, Y = y, Dy = dy, D = d, ToLeft = toLeft }, n);
                break;
            case BinaryKind.Maximum:
            case BinaryKind.Minimum:
                Launch.Range(new ExtremeGradientKernel { A = a, StrideA = strideA, B = b, StrideB = strideB, Dy = dy, D = d, LargerLoses = kind == BinaryKind.Minimum == toLeft }, n);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Binary: expected a known function, got another number.");
        }
    }

    private static void Map<TOperator>(float* a, nint strideA, float* b, nint strideB, float* y, nint n)
        where TOperator : struct, IBinaryOperator => Launch.Range(new MapKernel<TOperator> { A = a, StrideA = strideA, B = b, StrideB = strideB, Y = y }, n);

    private static void Power(float* a, nint strideA, float* b, nint strideB, float* y, nint n)
    {
        // The usual constant exponents need no logarithm.
        if (strideB == 0 && *b == 2)
        {
            Map<MultiplyOperator>(a, strideA, a, strideA, y, n);
        }
        else if (strideB == 0 && strideA == 1 && *b == 0.5f)
        {
            Unary.Forward(UnaryKind.SquareRoot, a, y, n, 0);
        }
        else if (strideB == 0 && strideA == 1 && *b == -1)
        {
            Unary.Forward(UnaryKind.Reciprocal, a, y, n, 0);
        }
        else
        {
            Launch.Range(new PowerKernel { A = a, StrideA = strideA, B = b, StrideB = strideB, Y = y }, n);
        }
    }

    private struct MapKernel<TOperator> : IRangeKernel
        where TOperator : struct, IBinaryOperator
    {
        public float* A;
        public float* B;
        public float* Y;
        public nint StrideA;
        public nint StrideB;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* a = A, b = B, y = Y;
            nint i = begin;
            if (StrideA != 0 && StrideB != 0)
            {
                for (; i <= end - TV.Count; i += TV.Count)
                {
                    TV.Store(y + i, TOperator.Apply(TV.Load(a + i), TV.Load(b + i)));
                }

                if (i < end)
                {
                    TV.StorePartial(y + i, end - i, TOperator.Apply(TV.LoadPartial(a + i, end - i), TV.LoadPartial(b + i, end - i)));
                }

                return;
            }

            bool vectorA = StrideA != 0, vectorB = StrideB != 0;
            TV left = TV.Create(*a), right = TV.Create(*b);
            for (; i <= end - TV.Count; i += TV.Count)
            {
                left = vectorA ? TV.Load(a + i) : left;
                right = vectorB ? TV.Load(b + i) : right;
                TV.Store(y + i, TOperator.Apply(left, right));
            }

            if (i < end)
            {
                left = vectorA ? TV.LoadPartial(a + i, end - i) : left;
                right = vectorB ? TV.LoadPartial(b + i, end - i) : right;
                TV.StorePartial(y + i, end - i, TOperator.Apply(left, right));
            }
        }
    }

    private struct ExtremeGradientKernel : IRangeKernel
    {
        public float* A;
        public float* B;
        public float* Dy;
        public float* D;
        public nint StrideA;
        public nint StrideB;
        public bool LargerLoses;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            TV left = TV.Create(*A), right = TV.Create(*B);
            for (nint i = begin; i < end; i += TV.Count)
            {
                nint n = Math.Min(TV.Count, end - i);
                left = StrideA != 0 ? TV.LoadPartial(A + i, n) : left;
                right = StrideB != 0 ? TV.LoadPartial(B + i, n) : right;
                TV loses = LargerLoses ? TV.Greater(left, right) : TV.Greater(right, left);
                TV factor = TV.Select(loses, TV.Create(0f), TV.Select(TV.Equal(left, right), TV.Create(0.5f), TV.Create(1f)));
                TV dy = TV.LoadPartial(Dy + i, n);
                TV.StorePartial(D + i, n, TV.Select(loses, TV.Create(0f), dy * factor));
            }
        }
    }

    private struct PowerKernel : IRangeKernel
    {
        public float* A;
        public float* B;
        public float* Y;
        public nint StrideA;
        public nint StrideB;

        // Scalar: a single-precision e^(b log a) would lose digits in proportion to the exponent.
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint i = begin; i < end; i++)
            {
                Y[i] = MathF.Pow(A[i * StrideA], B[i * StrideB]);
            }
        }
    }

    private struct PowerGradientKernel : IRangeKernel
    {
        public float* A;
        public float* B;
        public float* Y;
        public float* Dy;
        public float* D;
        public nint StrideA;
        public nint StrideB;
        public bool ToLeft;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint i = begin; i < end; i++)
            {
                float a = A[i * StrideA], b = B[i * StrideB];
                if (ToLeft)
                {
                    D[i] = b == 0 ? 0 : b == 2 ? Dy[i] * 2 * a : Dy[i] * b * MathF.Pow(a, b - 1);
                }
                else
                {
                    D[i] = a == 0 && b >= 0 ? 0 : Dy[i] * Y[i] * MathF.Log(a);
                }
            }
        }
    }

    private readonly struct AddOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => a + b;
    }

    private readonly struct SubtractOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => a - b;
    }

    private readonly struct MultiplyOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => a * b;
    }

    private readonly struct NegatedProductOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => (a ^ TV.CreateBits(int.MinValue)) * b;
    }

    private readonly struct DivideOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => a / b;
    }

    private readonly struct MaximumOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => TV.Select(TV.IsNaN(a), a, TV.Max(a, b));
    }

    private readonly struct MinimumOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TV Apply<TV>(TV a, TV b)
            where TV : struct, IVector<TV> => TV.Select(TV.IsNaN(a), a, TV.Min(a, b));
    }
}
