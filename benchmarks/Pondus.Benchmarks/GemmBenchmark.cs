using System.Diagnostics;
using System.Runtime.InteropServices;
using Pondus.Kernels;

namespace Pondus.Benchmarks;

/// <summary>Matrix products against OpenBLAS, shape by shape, interleaved.</summary>
internal static unsafe class GemmBenchmark
{
    private const double BlockSeconds = 0.02;
    private const double GroupSeconds = 5e-5;

    // After this pause the threads of both sides sleep, so neither takes a core from the other.
    private const int SettleMilliseconds = 4;

    private static readonly (int M, int K, int N)[] s_shapes =
    [
        (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
        (64, 784, 256), (128, 784, 512), (128, 512, 256), (128, 256, 10), (4096, 256, 1024), (2048, 128, 512), (2048, 512, 128),
    ];

    private enum Layout
    {
        NN,
        NT,
        TN,
    }

    /// <summary>Prints the table.</summary>
    /// <param name="args">Optional: <c>--pairs n</c> (at least 7), <c>--threads n</c>, <c>--shape MxKxN</c>, <c>--layout NN|NT|TN</c>.</param>
    /// <returns>0, or 1 when OpenBLAS is not installed.</returns>
    public static int Run(string[] args)
    {
        string? core = GemmPeer.Load();
        if (core == null)
        {
            Console.WriteLine("gemm: SKIPPED, OpenBLAS is not installed (apt-get install libopenblas0-openmp, or set PONDUS_OPENBLAS)");
            return 1;
        }

        int pairs = Math.Max(7, int.Parse(Option(args, "--pairs") ?? "7"));
        string? onlyThreads = Option(args, "--threads");
        string? onlyShape = Option(args, "--shape");
        string? onlyLayout = Option(args, "--layout");
        Console.WriteLine($"Pondus {KernelSet.Active} against OpenBLAS {core}; rows x inner x columns; GFLOPS are medians, ratio is the median of {pairs} pairs (min, max)");
        foreach (int threads in new[] { 1, 2 })
        {
            if (!Chosen(onlyThreads, threads.ToString()))
            {
                continue;
            }

            List<double> ratios = [];
            foreach ((int m, int k, int n) in s_shapes)
            {
                if (!Chosen(onlyShape, $"{m}x{k}x{n}"))
                {
                    continue;
                }

                foreach (Layout layout in Enum.GetValues<Layout>())
                {
                    if (Chosen(onlyLayout, layout.ToString()))
                    {
                        ratios.Add(Compare(m, n, k, layout, threads, pairs));
                    }
                }
            }

            if (ratios.Count > 0)
            {
                double mean = Math.Exp(ratios.Average(Math.Log));
                Console.WriteLine($"threads {threads}: geometric mean {mean:F3}, minimum {ratios.Min():F3} of {ratios.Count}");
            }
        }

        return 0;
    }

    private static double Compare(int m, int n, int k, Layout layout, int threads, int pairs)
    {
        bool transposeA = layout == Layout.TN;
        bool transposeB = layout == Layout.NT;
        float* a = Matrix(m, k, 1);
        float* b = Matrix(k, n, 2);
        float* c = Matrix(m, n, 3);
        float* d = Matrix(m, n, 3);
        int before = Pool.ThreadCount;
        Pool.ThreadCount = threads;
        GemmPeer.SetThreads(threads);
        double[] ours = new double[pairs];
        double[] theirs = new double[pairs];
        double[] ratios = new double[pairs];
        for (int pair = -1; pair < pairs; pair++)
        {
            Thread.Sleep(SettleMilliseconds);
            double x = Block(() => Gemm.Multiply(m, n, k, a, transposeA ? m : k, transposeA, b, transposeB ? k : n, transposeB, c, n, false));
            Thread.Sleep(SettleMilliseconds);
            double y = Block(() => GemmPeer.Multiply(m, n, k, a, transposeA, b, transposeB, d));
            if (pair >= 0)
            {
                (ours[pair], theirs[pair], ratios[pair]) = (x, y, y / x);
            }
        }

        Pool.ThreadCount = before;
        double difference = 0;
        for (nint i = 0; i < (nint)m * n; i++)
        {
            difference = Math.Max(difference, Math.Abs(c[i] - d[i]));
        }

        double work = 2e-9 * m * n * k;
        string shape = $"{m}x{k}x{n}";
        Console.WriteLine(
            $"{threads}T {shape,-14} {layout}  Pondus {work / Median(ours),7:F1}  OpenBLAS {work / Median(theirs),7:F1}  ratio {Median(ratios):F3} ({ratios.Min():F2}, {ratios.Max():F2})"
            + (difference > 1e-5 * k ? $"  WRONG by {difference}" : string.Empty));
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        NativeMemory.AlignedFree(d);
        return Median(ratios);
    }

    // The time of a call in a block, in seconds: the fastest quarter, so that other processes disturb neither side.
    private static double Block(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        call();
        call();
        double one = Stopwatch.GetElapsedTime(start).TotalSeconds / 2;
        int group = Math.Max(1, (int)(GroupSeconds / one));
        List<double> times = [];
        start = Stopwatch.GetTimestamp();
        do
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < group; i++)
            {
                call();
            }

            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds / group);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < BlockSeconds);
        times.Sort();
        return times[times.Count / 4];
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private static bool Chosen(string? only, string value) => only == null || string.Equals(only, value, StringComparison.Ordinal);

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static float* Matrix(int rows, int columns, ulong seed)
    {
        nint count = (nint)rows * columns;
        float* p = (float*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(float)), 64);
        RandomSource random = new(seed);
        for (nint i = 0; i < count; i++)
        {
            p[i] = random.NextSingle() - 0.5f;
        }

        return p;
    }
}
