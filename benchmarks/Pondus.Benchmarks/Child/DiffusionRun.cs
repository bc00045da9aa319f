using System.Text.Json.Nodes;
using Pondus.Benchmarks.Workloads;
using Pondus.Data;
using Pondus.Formats.Safetensors;
using Pondus.Losses;
using Pondus.Networks;
using Pondus.Optimizers;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Learns to predict the noise in pictures by a loop written by hand: the network is told the time, so no trainer fits.</summary>
internal sealed class DiffusionRun
{
    public const string Name = "unet_diffusion";
    private const int Batch = 64;
    private const int Pixels = 784;
    private const int Times = 1000;
    private const int Samples = 6400;
    private const double WarmUpSeconds = 1.5;
    private readonly DiffusionUNet _model = new(1, [32, 64, 128], new RandomSource(1));
    private readonly AdamW _optimizer;
    private readonly MeanSquaredError _loss = new();
    private readonly float[] _signal = new float[Times];
    private readonly float[] _noise = new float[Times];
    private readonly float[] _mixed = new float[Batch * Pixels];

    private DiffusionRun()
    {
        _optimizer = new AdamW(_model.Parameters, new AdamWOptions(0.001f));
        double kept = 1;
        for (int i = 0; i < Times; i++)
        {
            kept *= 1 - (1e-4 + ((0.02 - 1e-4) * i / (Times - 1)));
            _signal[i] = (float)Math.Sqrt(kept);
            _noise[i] = (float)Math.Sqrt(1 - kept);
        }
    }

    public static JsonObject Measure(double seconds)
    {
        DiffusionRun run = new();
        Dataset data = WorkloadData.Fashion("t10k", [1, 28, 28]);
        float[] pictures = data.Inputs[..(Samples * Pixels)];
        for (int i = 0; i < pictures.Length; i++)
        {
            pictures[i] = Math.Clamp(pictures[i], -1f, 2.1f);
        }

        using StepClock warmUp = StepClock.ForWarmUp(1, WarmUpSeconds);
        run.Loop(pictures, warmUp);
        OperationProfile.Clear();
        int count = Math.Max(5, (int)(seconds / warmUp.TypicalSeconds()));
        using StepClock clock = StepClock.ForCount(1, count);
        ProcessCounters counters = new();
        run.Loop(pictures, clock);
        JsonObject result = new() { ["path"] = "loop", ["other_cores"] = counters.OtherCores() };
        clock.Report(result);
        if (OperationProfile.IsOn)
        {
            Console.Error.WriteLine(OperationProfile.Report(count));
        }

        return result;
    }

    /// <summary>Trains on the weights, pictures, times and noise that the peer wrote.</summary>
    public static JsonObject Check(string folder)
    {
        DiffusionRun run = new();
        ModuleWeights.Load(run._model, Path.Combine(folder, "weights.safetensors"));
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "batches.safetensors"));
        float[] pictures = file.ReadSingle("inputs"), times = file.ReadSingle("times"), noise = file.ReadSingle("noise");
        JsonArray losses = [];
        for (int i = 0; i < times.Length; i += Batch)
        {
            int[] chosen = [.. Enumerable.Range(i, Batch)];
            losses.Add((JsonNode)run.TakeStep(pictures, chosen, times[i..(i + Batch)], noise[(i * Pixels)..((i + Batch) * Pixels)]));
        }

        Step.End();
        return new JsonObject { ["losses"] = losses };
    }

    private void Loop(float[] pictures, StepClock clock)
    {
        RandomSource random = new(2);
        float[] noise = new float[Batch * Pixels], times = new float[Batch];
        int[] chosen = new int[Batch];
        clock.Begin();
        while (!clock.Stop.IsCancellationRequested)
        {
            for (int i = 0; i < Batch; i++)
            {
                chosen[i] = random.NextInt32(Samples);
                times[i] = random.NextInt32(Times);
            }

            random.FillNormal(noise, 0f, 1f);
            clock.EndStep(TakeStep(pictures, chosen, times, noise));
        }

        Step.End();
    }

    private float TakeStep(float[] pictures, int[] chosen, float[] times, float[] noise)
    {
        for (int i = 0; i < Batch; i++)
        {
            float signal = _signal[(int)times[i]], part = _noise[(int)times[i]];
            for (int j = 0; j < Pixels; j++)
            {
                _mixed[(i * Pixels) + j] = (signal * pictures[(chosen[i] * Pixels) + j]) + (part * noise[(i * Pixels) + j]);
            }
        }

        Step.Begin();
        Shape shape = [Batch, 1, 28, 28];
        Tensor loss = _loss.Forward(_model.Forward(Tensor.Of(_mixed, shape), Tensor.Of(times, [Batch])), Tensor.Of(noise, shape));
        loss.Backward();
        _optimizer.Step();
        return loss.Item();
    }
}
