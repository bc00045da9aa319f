using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

public sealed class LearningRateFinderTests
{
    [Fact]
    public void Find_ParabolaOfKnownCurvature_SuggestsARateThatConverges()
    {
        // The loss (w x - y)^2 over x = 1 has curvature 2: gradient descent diverges at rates above 1.
        Linear model = new(1, 1, new RandomSource(1), useBias: false);
        model.Weight.Set([0f]);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.123f, Momentum: 0.5f)));
        LearningRateCurve curve = LearningRateFinder.Find(trainer, new Dataset([1f], [1], [2f], [1]), 1e-4, 100, 60);
        Assert.Equal(1e-4, curve.Rates[0], 1e-9);
        Assert.InRange(curve.Suggestion!.Value, 0.001, 1);
        Assert.True(curve.Rates.Count < 60 && curve.Losses[^1] > 4, "Expected the test to end when the loss exploded.");
    }

    [Fact]
    public void Find_AnyTrainer_LeavesItAsItWas()
    {
        Dataset data = TrainingData.Clusters(100, 6, 3);
        string[] digests = [.. new[] { false, true }.Select(finds =>
        {
            RandomSource random = new(1);
            Sequential model = new(new Linear(6, 8, random), new BatchNorm1d(8), new Tanh(), new Linear(8, 3, random));
            Trainer trainer = new(model, new CrossEntropy(), new Adam(model.Parameters, new AdamOptions(0.01f)), new TrainerOptions { Epochs = 2 });
            trainer.Fit(data);
            if (finds)
            {
                LearningRateFinder.Find(trainer, data, 1e-5, 10, 30);
            }

            Trainer next = new(model, new CrossEntropy(), trainer.Optimizer, new TrainerOptions { Epochs = 2 });
            next.Fit(data);
            Assert.Equal(0.01f, trainer.Optimizer.LearningRate);
            return ModuleWeights.Digest(model);
        })];
        Assert.Equal(digests[0], digests[1]);
    }
}
