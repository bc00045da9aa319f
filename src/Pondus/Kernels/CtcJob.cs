namespace Pondus.Kernels;

/// <summary>Connectionist temporal classification of one batch: the probability of labels over all their alignments.</summary>
/// <remarks>
/// <para>States of a sample with S labels are blank, label 0, blank, ..., label S - 1, blank. Logarithms in double: sums over thousands of steps keep their digits.</para>
/// </remarks>
internal unsafe struct CtcJob
{
    public float* Logarithms;
    public nint StepStride;
    public nint SampleStride;
    public int Classes;
    public int Blank;

    /// <summary>Labels of a sample begin here.</summary>
    public int* Labels;
    public int* LabelStarts;
    public int* Steps;
    public int* LabelCounts;

    /// <summary>Logarithms of the probabilities of all beginnings: a row of <see cref="MostStates"/> for each step of a sample.</summary>
    public double* Forward;
    public int MostSteps;
    public int MostStates;

    /// <summary>The negative logarithm of each sample's probability.</summary>
    public double* Losses;

    public double* Room;
    public float* Gradient;
    public float* Upstream;
    public bool ZeroInfinity;
    public bool Adds;

    /// <summary>Doubles that the backward pass of a sample needs.</summary>
    public readonly int RoomCount => (2 * MostStates) + Classes;

    public static void ForwardSample(int sample, void* state) => ((CtcJob*)state)->ComputeLoss(sample);

    public static void BackwardSample(int sample, void* state) => ((CtcJob*)state)->ComputeGradient(sample);

    private readonly void ComputeLoss(int sample)
    {
        int steps = Steps[sample], count = LabelCounts[sample], states = (2 * count) + 1;
        if (steps == 0)
        {
            Losses[sample] = count == 0 ? 0 : double.PositiveInfinity;
            return;
        }

        int* labels = Labels + LabelStarts[sample];
        float* x = Logarithms + (sample * SampleStride);
        double* row = Forward + ((nint)sample * MostSteps * MostStates);
        for (int s = 0; s < states; s++)
        {
            row[s] = s < 2 ? x[ClassOf(labels, s)] : double.NegativeInfinity;
        }

        for (int t = 1; t < steps; t++)
        {
            x += StepStride;
            double* before = row;
            row += MostStates;
            for (int s = 0; s < states; s++)
            {
                double a = before[s], b = s > 0 ? before[s - 1] : double.NegativeInfinity, c = Skips(labels, s) ? before[s - 2] : double.NegativeInfinity;
                row[s] = LogSum(a, b, c) + x[ClassOf(labels, s)];
            }
        }

        Losses[sample] = -LogSum(row[states - 1], states > 1 ? row[states - 2] : double.NegativeInfinity, double.NegativeInfinity);
    }

    // As PyTorch's: probability minus its share among the alignments, the gradient of logarithms that sum to one.
    private readonly void ComputeGradient(int sample)
    {
        int steps = Steps[sample], states = (2 * LabelCounts[sample]) + 1;
        double loss = Losses[sample], scale = Upstream[sample];
        float* d = Gradient + (sample * SampleStride);
        if (ZeroInfinity && double.IsPositiveInfinity(loss))
        {
            steps = 0;
        }

        for (int t = steps; t < MostSteps && !Adds; t++)
        {
            new Span<float>(d + (t * StepStride), Classes).Clear();
        }

        int* labels = Labels + LabelStarts[sample];
        double* next = Room + ((nint)sample * RoomCount), row = next + MostStates, shares = row + MostStates;
        for (int t = steps - 1; t >= 0; t--)
        {
            float* x = Logarithms + (sample * SampleStride) + (t * StepStride), to = d + (t * StepStride);
            double* begun = Forward + ((((nint)sample * MostSteps) + t) * MostStates);
            new Span<double>(shares, Classes).Fill(double.NegativeInfinity);
            for (int s = states - 1; s >= 0; s--)
            {
                int one = ClassOf(labels, s);
                if (t == steps - 1)
                {
                    row[s] = s >= states - 2 ? x[one] : double.NegativeInfinity;
                }
                else
                {
                    double b = s + 1 < states ? next[s + 1] : double.NegativeInfinity, c = s + 2 < states && Skips(labels, s + 2) ? next[s + 2] : double.NegativeInfinity;
                    row[s] = LogSum(next[s], b, c) + x[one];
                }

                shares[one] = LogSum(shares[one], begun[s] + row[s], double.NegativeInfinity);
            }

            for (int c = 0; c < Classes; c++)
            {
                // Both halves hold the step's own logarithm.
                double share = double.IsNegativeInfinity(shares[c]) && double.IsFinite(loss) ? 0 : Math.Exp(shares[c] + loss - x[c]);
                float value = (float)(scale * (Math.Exp(x[c]) - share));
                to[c] = Adds ? to[c] + value : value;
            }

            double* spare = next;
            next = row;
            row = spare;
        }
    }

    private readonly int ClassOf(int* labels, int state) => (state & 1) == 0 ? Blank : labels[state >> 1];

    private static bool Skips(int* labels, int state) => state > 2 && (state & 1) == 1 && labels[state >> 1] != labels[(state >> 1) - 1];

    private static double LogSum(double a, double b, double c)
    {
        double most = Math.Max(a, Math.Max(b, c));
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(Math.Exp(a - most) + Math.Exp(b - most) + Math.Exp(c - most));
    }
}
