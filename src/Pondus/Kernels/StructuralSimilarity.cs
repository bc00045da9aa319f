using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>Structural similarity of planes under a separable window, at the places where the window lies within the plane.</summary>
/// <remarks>In double: variances are small differences of large squares. A plane is a unit of work.</remarks>
internal static unsafe class StructuralSimilarity
{
    /// <summary>Numbers a place keeps for the backward pass: slopes by both means, the variances and the covariance.</summary>
    public const int SlopeCount = 4;

    private const int Maps = 5;
    private const int MaxTaps = 64;

    /// <summary>The mean over a plane's places of S = l cs, or of cs alone.</summary>
    /// <param name="job">Planes and window.</param>
    /// <param name="means">One number for each plane.</param>
    /// <param name="slopes">Room for <see cref="SlopeCount"/> numbers a place, or null.</param>
    public static void Forward(in Job job, float* means, double* slopes) =>
        Launch.Rows(new ForwardKernel { Job = job, Means = means, Slopes = slopes }, job.Planes, Cost(job));

    /// <summary>The gradient of the first or the second plane.</summary>
    /// <param name="job">Planes and window.</param>
    /// <param name="slopes">What the forward pass kept.</param>
    /// <param name="dy">The gradient of each plane's mean.</param>
    /// <param name="d">The result.</param>
    /// <param name="toSecond">Whether the second plane's gradient is wanted.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    public static void Backward(in Job job, double* slopes, float* dy, float* d, bool toSecond, bool add) =>
        Launch.Rows(new BackwardKernel { Job = job, Slopes = slopes, Dy = dy, D = d, ToSecond = toSecond, Add = add }, job.Planes, Cost(job));

    private static nint Cost(in Job job) => (nint)job.Height * job.Width * job.Taps;

    /// <summary>to[j] = the sum over k of weights[k] rows[k][j]. No fused steps, so that every width gives the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TV>(double** rows, double* weights, int taps, double* to, nint n)
        where TV : struct, IVector<TV>
    {
        nint j = 0;
        if (TV.Count == 16)
        {
            for (; j <= n - 8; j += 8)
            {
                Vector512<double> sum = Vector512<double>.Zero;
                for (int k = 0; k < taps; k++)
                {
                    sum += Vector512.Load(rows[k] + j) * weights[k];
                }

                sum.Store(to + j);
            }
        }
        else if (TV.Count == 8)
        {
            for (; j <= n - 4; j += 4)
            {
                Vector256<double> sum = Vector256<double>.Zero;
                for (int k = 0; k < taps; k++)
                {
                    sum += Vector256.Load(rows[k] + j) * weights[k];
                }

                sum.Store(to + j);
            }
        }

        for (; j < n; j++)
        {
            double sum = 0;
            for (int k = 0; k < taps; k++)
            {
                sum += rows[k][j] * weights[k];
            }

            to[j] = sum;
        }
    }

    /// <summary>Two stacks of planes and how they are compared.</summary>
    internal struct Job
    {
        public float* X;
        public float* Y;
        public int Planes;
        public int Height;
        public int Width;
        public double* Window;
        public int Taps;
        public double C1;
        public double C2;
        public bool WithLuminance;

        public readonly int OutHeight => Height - Taps + 1;

        public readonly int OutWidth => Width - Taps + 1;

        public readonly nint Places => (nint)OutHeight * OutWidth;
    }

    private struct ForwardKernel : IRangeKernel
    {
        public Job Job;
        public float* Means;
        public double* Slopes;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint plane = begin; plane < end; plane++)
            {
                Plane<TV>(plane);
            }
        }

        private readonly void Plane<TV>(nint plane)
            where TV : struct, IVector<TV>
        {
            int taps = Job.Taps, width = Job.Width;
            nint wide = Job.OutWidth, places = Job.Places;
            float* x = Job.X + (plane * Job.Height * width), y = Job.Y + (plane * Job.Height * width);
            double* products = (double*)Scratch.Panels(2 * Maps * (width + (wide * (taps + 1))));
            double* ring = products + (Maps * width), moments = ring + (Maps * taps * wide);
            double** rows = stackalloc double*[MaxTaps];
            double total = 0;
            for (int i = 0; i < Job.Height; i++)
            {
                Products(x + ((nint)i * width), y + ((nint)i * width), products);
                for (int map = 0; map < Maps; map++)
                {
                    for (int k = 0; k < taps; k++)
                    {
                        rows[k] = products + (map * width) + k;
                    }

                    Combine<TV>(rows, Job.Window, taps, ring + (((map * taps) + (i % taps)) * wide), wide);
                }

                int row = i - taps + 1;
                if (row < 0)
                {
                    continue;
                }

                for (int map = 0; map < Maps; map++)
                {
                    for (int k = 0; k < taps; k++)
                    {
                        rows[k] = ring + (((map * taps) + ((row + k) % taps)) * wide);
                    }

                    Combine<TV>(rows, Job.Window, taps, moments + (map * wide), wide);
                }

                total += Row(moments, Slopes == null ? null : Slopes + (plane * SlopeCount * places) + (row * wide));
            }

            Means[plane] = (float)(total / places);
        }

        private readonly void Products(float* x, float* y, double* to)
        {
            int width = Job.Width;
            for (int j = 0; j < width; j++)
            {
                double a = x[j], b = y[j];
                to[j] = a;
                to[width + j] = b;
                to[(2 * width) + j] = a * a;
                to[(3 * width) + j] = b * b;
                to[(4 * width) + j] = a * b;
            }
        }

        // S = A1 A2 / (B1 B2), and its slopes by the five moments; those by the two squares are equal.
        private readonly double Row(double* moments, double* slopes)
        {
            nint wide = Job.OutWidth, places = Job.Places;
            double total = 0;
            for (nint j = 0; j < wide; j++)
            {
                double meanX = moments[j], meanY = moments[wide + j], covariance = moments[(4 * wide) + j] - (meanX * meanY);
                double variances = moments[(2 * wide) + j] - (meanX * meanX) + moments[(3 * wide) + j] - (meanY * meanY);
                double a1 = 1, b1 = 1, a2 = (2 * covariance) + Job.C2, b2 = variances + Job.C2;
                if (Job.WithLuminance)
                {
                    a1 = (2 * meanX * meanY) + Job.C1;
                    b1 = (meanX * meanX) + (meanY * meanY) + Job.C1;
                }

                double similarity = a1 * a2 / (b1 * b2);
                total += similarity;
                if (slopes == null)
                {
                    continue;
                }

                double bySquare = -similarity / b2, byProduct = 2 * a1 / (b1 * b2);
                double byMeanX = (-2 * meanX * bySquare) - (meanY * byProduct), byMeanY = (-2 * meanY * bySquare) - (meanX * byProduct);
                if (Job.WithLuminance)
                {
                    double cross = 2 * a2 / (b1 * b2), own = 2 * similarity / b1;
                    byMeanX += (meanY * cross) - (meanX * own);
                    byMeanY += (meanX * cross) - (meanY * own);
                }

                slopes[j] = byMeanX;
                slopes[places + j] = byMeanY;
                slopes[(2 * places) + j] = bySquare;
                slopes[(3 * places) + j] = byProduct;
            }

            return total;
        }
    }

    private struct BackwardKernel : IRangeKernel
    {
        public Job Job;
        public double* Slopes;
        public float* Dy;
        public float* D;
        public bool ToSecond;
        public bool Add;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint plane = begin; plane < end; plane++)
            {
                Plane<TV>(plane);
            }
        }

        // Each pixel gathers the slopes of all windows that it lies in.
        private readonly void Plane<TV>(nint plane)
            where TV : struct, IVector<TV>
        {
            int taps = Job.Taps, width = Job.Width, edge = taps - 1;
            nint wide = Job.OutWidth, places = Job.Places, padded = wide + (2 * edge), offset = plane * Job.Height * width;
            float* own = (ToSecond ? Job.Y : Job.X) + offset, other = (ToSecond ? Job.X : Job.Y) + offset;
            double* column = (double*)Scratch.Panels(2 * (padded + (3 * width))), gathered = column + padded;
            double** rows = stackalloc double*[MaxTaps];
            double scale = Dy[plane] / (double)places;
            new Span<double>(column, (int)padded).Clear();
            double* slopes = Slopes + (plane * SlopeCount * places);
            for (int i = 0; i < Job.Height; i++)
            {
                int first = Math.Max(0, i - edge), last = Math.Min(Job.OutHeight - 1, i);
                for (int map = 0; map < 3; map++)
                {
                    double* source = slopes + ((map == 0 ? (ToSecond ? 1 : 0) : map + 1) * places);
                    for (int row = first; row <= last; row++)
                    {
                        rows[row - first] = source + (row * wide);
                    }

                    // The window is symmetric: its weights run backwards as well as forwards.
                    Combine<TV>(rows, Job.Window + (edge - (i - first)), last - first + 1, column + edge, wide);
                    for (int k = 0; k < taps; k++)
                    {
                        rows[k] = column + k;
                    }

                    Combine<TV>(rows, Job.Window, taps, gathered + (map * width), width);
                }

                float* d = D + offset + ((nint)i * width);
                for (int j = 0; j < width; j++)
                {
                    nint at = ((nint)i * width) + j;
                    float value = (float)(scale * (gathered[j] + (2 * own[at] * gathered[width + j]) + (other[at] * gathered[(2 * width) + j])));
                    d[j] = Add ? d[j] + value : value;
                }
            }
        }
    }
}
