using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

/// <summary>Accumulated gradients, means of weights, bounded rows: numbers by hand, and the same bits after a resume.</summary>
public sealed class AveragingTests
{
    // y = 2 for x = 1: a weight w without bias has the loss (w - 2)^2 and the gradient 2 (w - 2).
    private static readonly Dataset s_point = new([1f], [1], [2f], [1]);

    [Fact]
    public void Fit_ExponentialAveraging_GivesTheMeanByHand()
    {
        (Linear model, Trainer trainer) = OneWeight(new TrainerOptions { Steps = 3, Averaging = new ExponentialAveraging(0.5, WarmUp: false) });
        trainer.Fit(s_point);

        // Rate 0.25 halves the distance to 2: w = 0, 1, 1.5, 1.75. The mean: 0, 0.5, 1, 1.375.
        Assert.Equal(1.375f, model.Weight.Values[0]);
    }

    [Fact]
    public void Fit_ExponentialAveragingThatWarmsUp_ForgetsTheStart()
    {
        (Linear model, Trainer trainer) = OneWeight(new TrainerOptions { Steps = 2, Averaging = new ExponentialAveraging(0.999) });
        trainer.Fit(s_point);

        // Decays 2/11 and 3/12: 9/11 of 1, then a quarter of that and three quarters of 1.5.
        Assert.Equal((0.25 * 9 / 11) + (0.75 * 1.5), model.Weight.Values[0], 1e-6);
    }

    [Fact]
    public void Fit_StochasticAveraging_GivesThePlainMeanOfItsEpochs()
    {
        (Linear model, Trainer trainer) = OneWeight(new TrainerOptions { Epochs = 3, Averaging = new StochasticAveraging(2) });
        trainer.Fit(s_point);
        Assert.Equal((1.5f + 1.75f) / 2, model.Weight.Values[0]);
    }

    [Fact]
    public void Fit_AveragingWithValidation_EvaluatesAndKeepsTheMean()
    {
        (Linear model, Trainer trainer) = OneWeight(new TrainerOptions { Steps = 3, Averaging = new ExponentialAveraging(0.5, WarmUp: false) });
        TrainingResult result = trainer.Fit(s_point, s_point);
        Assert.Equal((2 - 1.375) * (2 - 1.375), result.Validation!.Loss, 1e-6);
        Assert.Equal(1.375f, model.Weight.Values[0]);
    }

    [Fact]
    public void Fit_StochasticAveraging_EstimatesRunningStatisticsOfTheMean()
    {
        // Inputs 0, 2, 4, 6 in two batches: means 1 and 5, variances 2 and 2. The plain averages are 3 and 2, whatever was there.
        Dataset data = new([0f, 2f, 4f, 6f], [1], [0f, 0f, 0f, 0f], [1]);
        BatchNorm1d norm = new(1, momentum: 0.3f);
        Sequential model = new(norm, new Linear(1, 1, new RandomSource(1)));
        new Trainer(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.01f)), new TrainerOptions { Epochs = 2, BatchSize = 2, Averaging = new StochasticAveraging(1) }).Fit(data);
        Assert.Equal(3f, norm.RunningMean!.Values[0], 1e-6f);
        Assert.Equal(2f, norm.RunningVariance!.Values[0], 1e-6f);
    }

    [Theory]
    [InlineData(16, 4, 64)]
    [InlineData(8, 5, 40)]
    public void Fit_AccumulatedBatches_StepAsOneBigBatch(int small, int count, int big)
    {
        // 100 samples: the last step of an epoch has fewer batches, and the last batch fewer samples.
        Dataset data = TrainingData.Clusters(100, 6, 3);
        (Sequential Model, TrainingResult Result)[] both = [.. new[] { (small, count), (big, 1) }.Select(sizes =>
        {
            RandomSource random = new(1);
            Sequential model = new(new Linear(6, 8, random), new Tanh(), new Linear(8, 3, random));
            Trainer trainer = new(model, new CrossEntropy(), new Adam(model.Parameters, new AdamOptions(0.01f)), new TrainerOptions { Epochs = 3, BatchSize = sizes.Item1, Accumulation = sizes.Item2, GradientClipNorm = 1, L2 = 0.01f });
            return (model, trainer.Fit(data));
        })];
        Assert.Equal(both[1].Result.Steps, both[0].Result.Steps);
        Assert.Equal(both[1].Result.Loss, both[0].Result.Loss, 1e-5);
        Assert.All(both[0].Model.Parameters.Zip(both[1].Model.Parameters), static pair => Assert.All(pair.First.ToArray().Zip(pair.Second.ToArray()), static w => Assert.Equal(w.Second, w.First, 1e-4f)));
    }

    [Fact]
    public void Fit_MaximumNorm_KeepsRowsWithinTheBound()
    {
        RandomSource random = new(1);
        Linear model = new(6, 3, random);
        new Trainer(model, new CrossEntropy(), new Sgd(model.Parameters, new SgdOptions(1f)), new TrainerOptions { Epochs = 5, MaximumNorm = 0.5f }).Fit(TrainingData.Clusters(100, 6, 3));
        float[] w = model.Weight.ToArray();
        double[] norms = [.. Enumerable.Range(0, 3).Select(row => Math.Sqrt(w.Skip(6 * row).Take(6).Sum(static v => (double)v * v)))];
        Assert.All(norms, static norm => Assert.InRange(norm, 0, 0.500001));
        Assert.Contains(norms, static norm => norm > 0.49);
    }

    [Theory]
    [InlineData("Exponential")]
    [InlineData("Stochastic")]
    [InlineData("Lookahead")]
    [InlineData("Plateau")]
    [InlineData("Lbfgs")]
    public void Fit_ContinuedFromAnyStep_GivesTheBitsOfAnUninterruptedRun(string kind)
    {
        using TestFolder folder = new();
        Dataset training = TrainingData.Clusters(100, 6, 3), validation = TrainingData.Clusters(40, 6, 3, seed: 2);
        Trainer whole = Make(kind, 1);
        whole.Fit(training, validation, [new Recorder((trainer, report) => TrainingState.Save(trainer, folder.File($"{report.Step}")))]);
        string expected = ModuleWeights.Digest(whole.Model);
        for (int step = 0; step < whole.Progress.Step; step++)
        {
            Trainer trainer = Make(kind, 77);
            TrainingState.Load(trainer, folder.File($"{step}"));
            trainer.Fit(training, validation);
            Assert.Equal(expected, ModuleWeights.Digest(trainer.Model));
            Assert.Equal(whole.Progress.BestValidation!.Loss, trainer.Progress.BestValidation!.Loss);
        }
    }

    private static (Linear Model, Trainer Trainer) OneWeight(TrainerOptions options)
    {
        Linear model = new(1, 1, new RandomSource(1), useBias: false);
        model.Weight.Set([0f]);
        return (model, new Trainer(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.25f)), options));
    }

    private static Trainer Make(string kind, ulong seed)
    {
        RandomSource random = new(seed);
        Sequential model = new(new Linear(6, 8, random), new BatchNorm1d(8), new Tanh(), new Linear(8, 3, random));
        Optimizer optimizer = kind switch
        {
            "Lookahead" => new Lookahead(new Adam(model.Parameters, new AdamOptions(0.02f)), new LookaheadOptions(3)),
            "Lbfgs" => new Lbfgs(model.Parameters, new LbfgsOptions(0.5f, 3, HistorySize: 3, StrongWolfe: true)),
            _ => new Adam(model.Parameters, new AdamOptions(0.02f)),
        };
        TrainerOptions options = new()
        {
            Epochs = 4,
            BatchSize = 16,
            Accumulation = kind == "Lbfgs" ? 1 : 3,
            Averaging = kind switch
            {
                "Exponential" => new ExponentialAveraging(0.9),
                "Stochastic" => new StochasticAveraging(2),
                _ => null,
            },
            Schedule = kind == "Plateau" ? new Pondus.Schedules.WarmUp(2, new Pondus.Schedules.ReduceOnPlateau(0.5, patience: 0, threshold: 0.5)) : null,
        };
        return new Trainer(model, new CrossEntropy(), optimizer, options);
    }
}
