using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Elementwise functions of one argument and their gradients.</summary>
internal static unsafe class Unary
{
    /// <summary>y = f(x); y may be x.</summary>
    public static void Forward(UnaryKind kind, float* x, float* y, nint n, float p0)
    {
        switch (kind)
        {
            case UnaryKind.Negate:
                Map<NegateOperator>(x, y, n, p0);
                break;
            case UnaryKind.Absolute:
                Map<AbsoluteOperator>(x, y, n, p0);
                break;
            case UnaryKind.Square:
                Map<SquareOperator>(x, y, n, p0);
                break;
            case UnaryKind.SquareRoot:
                Map<SquareRootOperator>(x, y, n, p0);
                break;
            case UnaryKind.Reciprocal:
                Map<ReciprocalOperator>(x, y, n, p0);
                break;
            case UnaryKind.Exponential:
                Map<ExponentialOperator>(x, y, n, p0);
                break;
            case UnaryKind.Logarithm:
                Map<LogarithmOperator>(x, y, n, p0);
                break;
            case UnaryKind.Sine:
                Map<SineOperator>(x, y, n, p0);
                break;
            case UnaryKind.Cosine:
                Map<CosineOperator>(x, y, n, p0);
                break;
            case UnaryKind.Sign:
                Map<SignOperator>(x, y, n, p0);
                break;
            case UnaryKind.Step:
                Map<StepOperator>(x, y, n, p0);
                break;
            case UnaryKind.Sigmoid:
                Map<SigmoidOperator>(x, y, n, p0);
                break;
            case UnaryKind.Tanh:
                Map<TanhOperator>(x, y, n, p0);
                break;
            case UnaryKind.Relu:
                Map<ReluOperator>(x, y, n, p0);
                break;
            case UnaryKind.LeakyRelu:
                Map<LeakyReluOperator>(x, y, n, p0);
                break;
            case UnaryKind.Elu:
                Map<EluOperator>(x, y, n, p0);
                break;
            case UnaryKind.Selu:
                Map<SeluOperator>(x, y, n, p0);
                break;
            case UnaryKind.Gelu:
                Map<GeluOperator>(x, y, n, p0);
                break;
            case UnaryKind.GeluTanh:
                Map<GeluTanhOperator>(x, y, n, p0);
                break;
            case UnaryKind.Silu:
                Map<SiluOperator>(x, y, n, p0);
                break;
            case UnaryKind.Softplus:
                Map<SoftplusOperator>(x, y, n, p0);
                break;
            case UnaryKind.Hardsigmoid:
                Map<HardsigmoidOperator>(x, y, n, p0);
                break;
            case UnaryKind.Hardswish:
                Map<HardswishOperator>(x, y, n, p0);
                break;
            case UnaryKind.Relu6:
                Map<Relu6Operator>(x, y, n, p0);
                break;
            case UnaryKind.Mish:
                Map<MishOperator>(x, y, n, p0);
                break;
            case UnaryKind.LogSigmoid:
                Map<LogSigmoidOperator>(x, y, n, p0);
                break;
            case UnaryKind.Softsign:
                Map<SoftsignOperator>(x, y, n, p0);
                break;
            case UnaryKind.ErrorFunction:
                Map<ErrorFunctionOperator>(x, y, n, p0);
                break;
            default:
                throw Unknown(kind);
        }
    }

    /// <summary>dx (+)= dy f'; x or y may be null where the function does not need it, and dx may be dy.</summary>
    public static void Backward(UnaryKind kind, float* x, float* y, float* dy, float* dx, nint n, bool add, float p0)
    {
        switch (kind)
        {
            case UnaryKind.Negate:
                Derive<NegateOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Absolute:
                Derive<AbsoluteOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Square:
                Derive<SquareOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.SquareRoot:
                Derive<SquareRootOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Reciprocal:
                Derive<ReciprocalOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Exponential:
                Derive<ExponentialOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Logarithm:
                Derive<LogarithmOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Sine:
                Derive<SineOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Cosine:
                Derive<CosineOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Sign:
                Derive<SignOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Step:
                Derive<StepOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Sigmoid:
                Derive<SigmoidOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Tanh:
                Derive<TanhOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Relu:
                Derive<ReluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.LeakyRelu:
                Derive<LeakyReluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Elu:
                Derive<EluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Selu:
                Derive<SeluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Gelu:
                Derive<GeluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.GeluTanh:
                Derive<GeluTanhOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Silu:
                Derive<SiluOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Softplus:
                Derive<SoftplusOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Hardsigmoid:
                Derive<HardsigmoidOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Hardswish:
                Derive<HardswishOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Relu6:
                Derive<Relu6Operator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Mish:
                Derive<MishOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.LogSigmoid:
                Derive<LogSigmoidOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.Softsign:
                Derive<SoftsignOperator>(x, y, dy, dx, n, add, p0);
                break;
            case UnaryKind.ErrorFunction:
                Derive<ErrorFunctionOperator>(x, y, dy, dx, n, add, p0);
                break;
            default:
                throw Unknown(kind);
        }
    }

    /// <summary>Whether the gradient reads x.</summary>
    public static bool NeedsInput(UnaryKind kind) => kind is not (UnaryKind.Negate or UnaryKind.Sign or UnaryKind.Step) && !NeedsOutput(kind);

    /// <summary>Whether the gradient reads y.</summary>
    public static bool NeedsOutput(UnaryKind kind) => kind is UnaryKind.SquareRoot or UnaryKind.Reciprocal or UnaryKind.Exponential or UnaryKind.Sigmoid or UnaryKind.Tanh or UnaryKind.Relu;

    private static ArgumentOutOfRangeException Unknown(UnaryKind kind) => new(nameof(kind), kind, "Unary: expected a known function, got another number.");

    private static void Map<TOperator>(float* x, float* y, nint n, float p0)
        where TOperator : struct, IUnaryOperator => Launch.Range(new MapKernel<TOperator> { X = x, Y = y, Parameter = p0 }, n);

    private static void Derive<TOperator>(float* x, float* y, float* dy, float* dx, nint n, bool add, float p0)
        where TOperator : struct, IUnaryOperator => Launch.Range(new GradientKernel<TOperator> { X = x, Y = y, Dy = dy, Dx = dx, Add = add, Parameter = p0 }, n);

    private struct MapKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Y;
        public float Parameter;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X, y = Y;
            TV p = TV.Create(Parameter);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV.Store(y + i, TOperator.Apply(TV.Load(x + i), p));
            }

            if (i < end)
            {
                Rest(x + i, y + i, end - i, p);
            }
        }

        // Apart, so that it is compiled only when some length needs it.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Rest<TV>(float* x, float* y, nint n, TV p)
            where TV : struct, IVector<TV> => TV.StorePartial(y, n, TOperator.Apply(TV.LoadPartial(x, n), p));
    }

    private struct GradientKernel<TOperator> : IRangeKernel
        where TOperator : struct, IUnaryOperator
    {
        public float* X;
        public float* Y;
        public float* Dy;
        public float* Dx;
        public float Parameter;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            float* x = X, y = Y, dy = Dy, dx = Dx;
            bool add = Add;
            TV p = TV.Create(Parameter);
            nint i = begin;
            for (; i <= end - TV.Count; i += TV.Count)
            {
                TV d = TOperator.Gradient(TOperator.ReadsInput ? TV.Load(x + i) : p, TOperator.ReadsOutput ? TV.Load(y + i) : p, TV.Load(dy + i), p);
                TV.Store(dx + i, add ? TV.Load(dx + i) + d : d);
            }

            if (i < end)
            {
                Rest<TV>(i, end - i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Rest<TV>(nint i, nint n)
            where TV : struct, IVector<TV>
        {
            TV p = TV.Create(Parameter);
            TV argument = TOperator.ReadsInput ? TV.LoadPartial(X + i, n) : p;
            TV value = TOperator.ReadsOutput ? TV.LoadPartial(Y + i, n) : p;
            TV d = TOperator.Gradient(argument, value, TV.LoadPartial(Dy + i, n), p);
            TV.StorePartial(Dx + i, n, Add ? TV.LoadPartial(Dx + i, n) + d : d);
        }
    }
}
