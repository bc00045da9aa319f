using System.Diagnostics;
using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Training;

namespace Pondus.Benchmarks;

internal static class Smoke
{
    public static int Run(string[] args)
    {
        Pondus.Kernels.Pool.ThreadCount = args.Length > 0 ? int.Parse(args[0]) : 2;
        RandomSource random = new(1);
        float[] x = new float[4096 * 16], y = new float[4096];
        random.FillNormal(x, 0, 1);
        for (int i = 0; i < 4096; i++)
        {
            y[i] = MathF.Sin(x[i * 16] + x[i * 16 + 1] + x[i * 16 + 2] + x[i * 16 + 3]) + x[i * 16 + 4] * x[i * 16 + 5];
        }
        Dataset data = new(x, [16], y, [1]);
        Sequential model = new(new Linear(16, 64, random), new Relu(), new Linear(64, 64, random), new Relu(), new Linear(64, 1, random));
        for (int rep = 0; rep < 6; rep++)
        {
            Trainer trainer = new(model, new MeanSquaredError(), new Adam(model.Parameters, new AdamOptions()), new TrainerOptions { BatchSize = 64, Epochs = 400 });
            long a0 = GC.GetTotalAllocatedBytes(true);
            Stopwatch w = Stopwatch.StartNew();
            TrainingResult r = trainer.Fit(data);
            Console.WriteLine($"tabular {w.Elapsed.TotalMicroseconds / r.Steps:F2} us/step loss {r.Loss:F5} alloc {GC.GetTotalAllocatedBytes(true) - a0}");
        }
        x = new float[60000 * 784]; random.FillNormal(x, 0, 1);
        int[] labels = new int[60000]; for (int i = 0; i < 60000; i++) { labels[i] = random.NextInt32(10); }
        data = new(x, [784], labels, Enumerable.Range(0, 10).Select(i => i.ToString()).ToArray());
        model = new(new Linear(784, 512, random), new Relu(), new Linear(512, 256, random), new Relu(), new Linear(256, 10, random));
        for (int rep = 0; rep < 3; rep++)
        {
            Trainer trainer = new(model, new CrossEntropy(), new Adam(model.Parameters, new AdamOptions()), new TrainerOptions { BatchSize = 128, Epochs = 1 });
            Stopwatch w = Stopwatch.StartNew();
            TrainingResult r = trainer.Fit(data);
            Console.WriteLine($"mnist {w.Elapsed.TotalSeconds:F3} s loss {r.Loss:F5}");
        }
        return 0;
    }
}
