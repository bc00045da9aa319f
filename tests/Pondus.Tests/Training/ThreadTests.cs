using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

/// <summary>Bits do not depend on the number of threads.</summary>
[Collection(ProcessWide.Name)]
public sealed class ThreadTests
{
    [Theory]
    [InlineData("Sgd")]
    [InlineData("Adam")]
    public void Fit_OneTwoAndFourThreads_GiveTheSameBits(string kind)
    {
        (string Digest, List<string> Log) one = Train(kind, 1), again = Train(kind, 1);
        Assert.Equal(one.Digest, again.Digest);
        foreach (int threads in new[] { 2, 4 })
        {
            (string digest, List<string> log) = Train(kind, threads);
            Assert.Equal(one.Log, log);
            Assert.Equal(one.Digest, digest);
        }
    }

    private static (string Digest, List<string> Log) Train(string kind, int threads)
    {
        using PoolThreads scope = new(threads);
        RandomSource random = new(1);
        Dataset data = TrainingData.Clusters(1000, 300, 10, spread: 6f);
        Sequential model = new(new Linear(300, 200, random), new Relu(), new Dropout(0.1f, random), new Linear(200, 100, random), new Gelu(), new Linear(100, 10, random));
        Optimizer optimizer = kind == "Sgd" ? new Sgd(model.Parameters, new SgdOptions(0.05f, Momentum: 0.9f)) : new Adam(model.Parameters, new AdamOptions(0.001f));
        Trainer trainer = new(model, new CrossEntropy(), optimizer, new TrainerOptions { Epochs = 3, BatchSize = 128, GradientClipNorm = 5, L1 = 1e-6f }, new Accuracy());
        Recorder recorder = new();
        trainer.Fit(data, TrainingData.Clusters(500, 300, 10, seed: 2, spread: 6f), [recorder]);
        return (ModuleWeights.Digest(model), recorder.Log);
    }
}
