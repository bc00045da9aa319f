using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

/// <summary>A run that is stopped and goes on in a new trainer gives the bits of one that never stopped: weights, optimizer, counters, log.</summary>
public sealed class ResumeTests
{
    // 100 samples in batches of 16: six whole ones and a smaller last one.
    private static readonly Dataset s_training = TrainingData.Clusters(100, 6, 3), s_validation = TrainingData.Clusters(40, 6, 3, seed: 2);

    public static TheoryData<string> Kinds => ["Sgd", "Momentum", "Adam", "AdamW"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_CancelledAndContinued_GivesTheBitsOfAnUninterruptedRun(string kind)
    {
        using TestFolder folder = new();
        (byte[] expected, List<string> log, int steps) = Uninterrupted(kind, folder);
        Assert.Equal(35, steps);
        RandomSource random = new RandomSource(5).Stream(kind);
        for (int run = 0; run < 12; run++)
        {
            // Up to five cuts at random steps; the first runs cut at an epoch's first and last step.
            int[] cuts = run switch
            {
                0 => [6],
                1 => [0, 7, 13, 34],
                _ => [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => random.NextInt32(steps)).Distinct().Order()],
            };
            List<string> parts = [];
            string state = folder.File("state.safetensors");
            Trainer trainer = Make(kind, seed: 1);
            foreach (int cut in cuts)
            {
                using CancellationTokenSource source = new();
                Recorder recorder = new((_, report) =>
                {
                    if (report.Step == cut)
                    {
                        source.Cancel();
                    }
                });
                TrainingStatus status = trainer.Fit(s_training, s_validation, [recorder], cancellationToken: source.Token).Status;
                Assert.Equal(cut == steps - 1 ? TrainingStatus.Completed : TrainingStatus.Interrupted, status);
                parts.AddRange(recorder.Log);
                TrainingState.Save(trainer, state);
                trainer = Make(kind, seed: 77);
                TrainingState.Load(trainer, state);
            }

            Recorder rest = new();
            trainer.Fit(s_training, s_validation, [rest]);
            parts.AddRange(rest.Log);
            Assert.Equal(log, parts);
            Assert.True(expected.AsSpan().SequenceEqual(Bytes(trainer, folder)), $"{kind}, cut at {string.Join(", ", cuts)}: expected the state of an uninterrupted run, got another.");
        }
    }

    /// <summary>As after a kill: the state was written by an observer in the middle of the run, after any step.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_ContinuedFromAnyStepsState_GivesTheBitsOfAnUninterruptedRun(string kind)
    {
        using TestFolder folder = new();
        (byte[] expected, List<string> log, int steps) = Uninterrupted(kind, folder);
        Trainer first = Make(kind, seed: 1);
        first.Fit(s_training, s_validation, [new Recorder((trainer, report) => TrainingState.Save(trainer, folder.File($"{report.Step}")))]);
        for (int step = 0; step < steps; step++)
        {
            Trainer trainer = Make(kind, seed: 77);
            TrainingState.Load(trainer, folder.File($"{step}"));
            Recorder rest = new();
            trainer.Fit(s_training, s_validation, [rest]);
            Assert.Equal(log.Skip(log.FindIndex(line => line.StartsWith($"step {step} ", StringComparison.Ordinal)) + 1), rest.Log);
            Assert.True(expected.AsSpan().SequenceEqual(Bytes(trainer, folder)), $"{kind}, from step {step}: expected the state of an uninterrupted run, got another.");
        }
    }

    [Fact]
    public void Fit_ContinuedInTheSameTrainer_GivesTheBitsOfAnUninterruptedRun()
    {
        using TestFolder folder = new();
        (byte[] expected, List<string> log, int steps) = Uninterrupted("Adam", folder);
        Trainer trainer = Make("Adam", seed: 1);
        List<string> parts = [];
        for (int stop = 0; stop < steps; stop++)
        {
            using CancellationTokenSource source = new();
            Recorder recorder = new((_, _) => source.Cancel());
            trainer.Fit(s_training, s_validation, [recorder], cancellationToken: source.Token);
            parts.AddRange(recorder.Log);
        }

        Assert.Equal(log, parts);
        Assert.Equal(expected, Bytes(trainer, folder));
    }

    [Fact]
    public void Fit_OtherBatchSizeThanTheState_IsRefused()
    {
        using TestFolder folder = new();
        Trainer trainer = Make("Sgd", seed: 1);
        using CancellationTokenSource source = new();
        trainer.Fit(s_training, s_validation, [new Recorder((_, report) =>
        {
            if (report.Step == 5)
            {
                source.Cancel();
            }
        })], cancellationToken: source.Token);
        TrainingState.Save(trainer, folder.File("state"));
        Trainer other = Make("Sgd", seed: 1, batchSize: 50);
        TrainingState.Load(other, folder.File("state"));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => other.Fit(s_training, s_validation));
        Assert.Equal("Trainer: expected to continue within an epoch of 2 steps, got step 6. The samples or the batch size are not those of the checkpoint.", error.Message);
    }

    private static (byte[] State, List<string> Log, int Steps) Uninterrupted(string kind, TestFolder folder)
    {
        Trainer trainer = Make(kind, seed: 1);
        Recorder recorder = new();
        trainer.Fit(s_training, s_validation, [recorder]);
        return (Bytes(trainer, folder), recorder.Log, recorder.Steps.Count);
    }

    private static byte[] Bytes(Trainer trainer, TestFolder folder)
    {
        string path = folder.File("final.safetensors");
        TrainingState.Save(trainer, path);
        return File.ReadAllBytes(path);
    }

    // Another seed gives other starting weights: all that counts must come from the state. Dropout's stream is the model's own, so its seed stays.
    private static Trainer Make(string kind, ulong seed, int batchSize = 16)
    {
        RandomSource random = new(seed);
        Sequential model = new(new Linear(6, 12, random), new BatchNorm1d(12), new Tanh(), new Dropout(0.2f, new RandomSource(3)), new Linear(12, 3, random));
        Optimizer optimizer = kind switch
        {
            "Sgd" => new Sgd(model.Parameters, new SgdOptions(0.1f)),
            "Momentum" => new Sgd(model.Parameters, new SgdOptions(0.05f, Momentum: 0.9f, Dampening: 0.1f)),
            "Adam" => new Adam(model.Parameters, new AdamOptions(0.02f)),
            _ => new AdamW(model.Parameters, new AdamWOptions(0.02f, WeightDecay: 0.05f)),
        };
        TrainerOptions options = new()
        {
            Epochs = 5,
            BatchSize = batchSize,
            Schedule = new Pondus.Schedules.WarmUp(4, new Pondus.Schedules.CosineDecay(31)),
            GradientClipNorm = 1,
            L2 = 1e-4f,
            EarlyStopping = new EarlyStopping(Patience: 4),
            Settling = new Settling(),
        };
        return new Trainer(model, new CrossEntropy(0.05f), optimizer, options, new Accuracy());
    }
}
