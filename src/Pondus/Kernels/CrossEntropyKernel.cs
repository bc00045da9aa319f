using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Softmax cross-entropy on class labels, with class weights and label smoothing as in PyTorch.</summary>
/// <remarks>
/// <para>Formula: with log-probabilities l, weights w, smoothing s and n classes, a row of label t costs
/// -(1 - s) w[t] l[t] - s / n sum_j w[j] l[j]; the mean is the total divided by the sum of w[t]. Rows labelled -100 cost nothing.</para>
/// </remarks>
internal static unsafe class CrossEntropyKernel
{
    /// <summary>The label of a row that is left out.</summary>
    public const int IgnoredLabel = -100;

    /// <summary>Finds the first row whose label is neither a class nor the ignored label; -1 when there is none.</summary>
    public static nint FindInvalidLabel(int* labels, nint rows, nint n)
    {
        for (nint r = 0; r < rows; r++)
        {
            if ((nuint)(nint)labels[r] >= (nuint)n && labels[r] != IgnoredLabel)
            {
                return r;
            }
        }

        return -1;
    }

    /// <summary>Gives the total of the weighted losses, writes the probabilities, and gives the sum of the labels' weights. Labels must be valid.</summary>
    public static double Forward(float* logits, int* labels, nint rows, nint n, float* classWeights, float smoothing, float* probabilities, out double weightSum)
    {
        nint grain = Launch.Grain(n), chunks = Math.Max(1, (rows + grain - 1) / grain);
        double* totals = PartialSums.Doubles(2 * chunks);
        totals[0] = totals[1] = 0;
        Launch.Chunks(
            new ForwardKernel
            {
                Logits = logits,
                Labels = labels,
                N = n,
                ClassWeights = classWeights,
                Smoothing = smoothing,
                WeightOfAll = WeightOfAll(classWeights, n),
                Probabilities = probabilities,
                Grain = grain,
                Totals = totals,
            },
            rows,
            grain);
        double total = 0;
        weightSum = 0;
        for (nint c = 0; c < chunks; c++)
        {
            total += totals[2 * c];
            weightSum += totals[(2 * c) + 1];
        }

        return total;
    }

    /// <summary>dLogits (+)= scale times the gradient of the total.</summary>
    public static void Backward(float* probabilities, int* labels, nint rows, nint n, float* classWeights, float smoothing, float scale, float* dLogits, bool add) =>
        Launch.Rows(
            new BackwardKernel
            {
                Probabilities = probabilities,
                Labels = labels,
                N = n,
                ClassWeights = classWeights,
                Smoothing = smoothing,
                WeightOfAll = WeightOfAll(classWeights, n),
                Scale = scale,
                DLogits = dLogits,
                Add = add,
            },
            rows,
            n);

    /// <summary>Counts the rows whose first largest element stands at the label.</summary>
    public static int CountCorrect(float* logits, int* labels, nint rows, nint n)
    {
        double count = 0;
        foreach (double partial in Launch.Partials(new CorrectKernel { Logits = logits, Labels = labels, N = n }, rows, Launch.Grain(n)))
        {
            count += partial;
        }

        return (int)count;
    }

    private static float WeightOfAll(float* classWeights, nint n)
    {
        double sum = n;
        if (classWeights != null)
        {
            sum = 0;
            for (nint i = 0; i < n; i++)
            {
                sum += classWeights[i];
            }
        }

        return (float)sum;
    }

    private struct ForwardKernel : IRangeKernel
    {
        public float* Logits;
        public int* Labels;
        public float* ClassWeights;
        public float* Probabilities;
        public double* Totals;
        public nint N;
        public nint Grain;
        public float Smoothing;
        public float WeightOfAll;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint n = N;
            float* x = Logits + (begin * n), p = Probabilities + (begin * n);
            double total = 0, weights = 0;
            TV lanes = VectorMath.FirstLanes<TV>(n), lowest = TV.Create(float.NegativeInfinity);
            for (nint r = begin; r < end; r++, x += n, p += n)
            {
                float maximum, logarithm;
                if (n <= TV.Count)
                {
                    TV v = TV.Select(lanes, TV.LoadPartial(x, n), lowest);
                    maximum = TV.MaxLanes(v);
                    TV e = VectorMath.Exp(v - TV.Create(maximum));
                    float sum = TV.SumLanes(e);
                    TV.StorePartial(p, n, e / TV.Create(sum));
                    logarithm = MathF.Log(sum);
                }
                else
                {
                    maximum = Softmax.RowMaximum<TV>(x, n);
                    float sum = Softmax.RowExponentials<TV>(x, p, n, maximum);
                    TV factor = TV.Create(1 / sum);
                    for (nint i = 0; i < n; i += TV.Count)
                    {
                        nint rest = Math.Min(TV.Count, n - i);
                        TV.StorePartial(p + i, rest, TV.LoadPartial(p + i, rest) * factor);
                    }

                    logarithm = MathF.Log(sum);
                }

                int label = Labels[r];
                if (label == IgnoredLabel)
                {
                    continue;
                }

                float weight = ClassWeights == null ? 1 : ClassWeights[label];
                weights += weight;
                double loss = (1.0 - Smoothing) * weight * ((double)logarithm - (x[label] - maximum));
                total += Smoothing == 0 ? loss : loss + ((double)Smoothing / n * Smoothed<TV>(x, maximum, logarithm));
            }

            Totals[2 * (begin / Grain)] = total;
            Totals[(2 * (begin / Grain)) + 1] = weights;
        }

        // The sum over j of -w[j] l[j] = w[j] (log sum + maximum - x[j]).
        private readonly double Smoothed<TV>(float* x, float maximum, float logarithm)
            where TV : struct, IVector<TV>
        {
            TV m = TV.Create(maximum), sum = TV.Create(0f);
            for (nint i = 0; i < N; i += TV.Count)
            {
                nint rest = Math.Min(TV.Count, N - i);
                TV v = VectorMath.FirstLanes<TV>(rest) & (m - TV.LoadPartial(x + i, rest));
                sum += ClassWeights == null ? v : v * TV.LoadPartial(ClassWeights + i, rest);
            }

            return ((double)logarithm * WeightOfAll) + TV.SumLanes(sum);
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public float* Probabilities;
        public int* Labels;
        public float* ClassWeights;
        public float* DLogits;
        public nint N;
        public float Smoothing;
        public float WeightOfAll;
        public float Scale;
        public bool Add;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            nint n = N;
            float* p = Probabilities + (begin * n), d = DLogits + (begin * n);
            float spread = (float)((double)Smoothing / n * Scale);
            TV lanes = TV.ToSingle(TV.LaneIndices());
            for (nint r = begin; r < end; r++, p += n, d += n)
            {
                int label = Labels[r];
                if (label == IgnoredLabel)
                {
                    if (!Add)
                    {
                        new Span<float>(d, (int)n).Clear();
                    }

                    continue;
                }

                // p sum(q) - q, where q is the smoothed target.
                float target = (1 - Smoothing) * Scale * (ClassWeights == null ? 1 : ClassWeights[label]);
                TV factor = TV.Create(target + (spread * WeightOfAll)), peak = TV.Create(target), floor = TV.Create(spread);
                for (nint i = 0; i < n; i += TV.Count)
                {
                    nint rest = Math.Min(TV.Count, n - i);
                    TV v = TV.LoadPartial(p + i, rest) * factor;
                    if (Smoothing != 0)
                    {
                        v -= ClassWeights == null ? floor : floor * TV.LoadPartial(ClassWeights + i, rest);
                    }

                    v -= TV.Equal(lanes, TV.Create((float)(label - i))) & peak;
                    TV.StorePartial(d + i, rest, Add ? TV.LoadPartial(d + i, rest) + v : v);
                }
            }
        }
    }

    private struct CorrectKernel : IPartialKernel
    {
        public float* Logits;
        public int* Labels;
        public nint N;

        public readonly double Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            int count = 0;
            for (nint r = begin; r < end; r++)
            {
                count += RowExtreme.Find(Logits + (r * N), N, TV.CreateBits(0), out _) == Labels[r] ? 1 : 0;
            }

            return count;
        }
    }
}
