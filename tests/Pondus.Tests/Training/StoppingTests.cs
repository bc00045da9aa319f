using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

public sealed class StoppingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_ValidationOnlyGetsWorse_StopsEarlyAndRestoresTheBest(bool restore)
    {
        // What the training data teach, y = 2x - 1, takes the network away from y = 1 - 2x from the first epoch on.
        Dataset training = TrainingData.Line(100), other = new(training.Inputs, [1], Array.ConvertAll(training.Targets!, static y => -y), [1]);
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.02f)), new TrainerOptions { Epochs = 50, BatchSize = 25, EarlyStopping = new EarlyStopping(Patience: 3), RestoreBest = restore });
        List<float> weights = [];
        EpochWatcher watcher = new(() => weights.Add(model.Weight.Values[0]));
        TrainingResult result = trainer.Fit(training, other, [watcher]);
        Assert.Equal(TrainingStatus.StoppedEarly, result.Status);
        Assert.Equal((1, 4), (result.BestEpoch, result.Epochs));
        Assert.Equal(watcher.Reports[0].Validation!.Loss, result.Validation!.Loss);
        Assert.Equal([true, false, false, false], watcher.Reports.Select(static r => r.IsBest));
        Assert.Equal(weights[restore ? 0 : 3], model.Weight.Values[0]);
        Assert.NotEqual(weights[0], weights[3]);
    }

    [Fact]
    public void JudgeValidation_BetterNowAndThen_StartsToCountAnew()
    {
        Linear model = new(1, 1, new RandomSource(1));
        TrainingProgress progress = new();
        EarlyStopping early = new(Patience: 2);
        // Never worse twice in a row until the end; in all, worse five times.
        double[] losses = [3, 4, 2, 4, 1, 4, 0.5, 4, 4];
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.Null(progress.StopReason);
            progress.Epoch = i + 1;
            bool best = progress.JudgeValidation(model, new EvaluationResult(losses[i], new Dictionary<string, double>(), 1), early);
            Assert.Equal(i % 2 == 0 && i < 8, best);
        }

        Assert.Equal(TrainingStatus.StoppedEarly, progress.StopReason);
        Assert.Equal((7, 0.5), (progress.BestEpoch, progress.BestValidation!.Loss));
    }

    [Fact]
    public void Fit_ImprovementBelowTheMinimum_DoesNotCount()
    {
        Dataset data = TrainingData.Line(100);
        Linear model = new(1, 1, new RandomSource(1));
        // Nothing can fall by 100 again: after the first epoch every one counts as no improvement.
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.01f)), new TrainerOptions { EarlyStopping = new EarlyStopping(Patience: 2, MinimumDelta: 100) });
        TrainingResult result = trainer.Fit(data, data);
        Assert.Equal((TrainingStatus.StoppedEarly, 3, 1), (result.Status, result.Epochs, result.BestEpoch));
    }

    [Fact]
    public void Fit_EarlyStoppingWithoutValidation_SaysWhatToDo()
    {
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions()), new TrainerOptions { EarlyStopping = new EarlyStopping() });
        ArgumentException error = Assert.Throws<ArgumentException>(() => trainer.Fit(TrainingData.Line(10)));
        Assert.StartsWith("Trainer: expected a validation set for EarlyStopping, got none. Give one, or use Settling.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WeightsComeToRest_Settles()
    {
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.5f)), new TrainerOptions { Epochs = 1000, BatchSize = 100, Settling = new Settling(1e-6, 1e-6, Patience: 4) });
        List<float> weights = [];
        TrainingResult result = trainer.Fit(TrainingData.Line(100), observers: [new EpochWatcher(() => weights.Add(model.Weight.Values[0]))]);
        Assert.Equal(TrainingStatus.Settled, result.Status);
        Assert.InRange(result.Epochs, 5, 200);
        Assert.All(weights.TakeLast(4), w => Assert.Equal(weights[^1], w, 1e-5));
        Assert.NotEqual(weights[0], weights[^1], 1e-3);
    }

    [Fact]
    public void Fit_AgainAfterTheEnd_DoesNothing()
    {
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions()), new TrainerOptions { Epochs = 2 });
        trainer.Fit(TrainingData.Line(40));
        float[] weight = model.Weight.ToArray();
        TrainingResult again = trainer.Fit(TrainingData.Line(40));
        Assert.Equal((TrainingStatus.Completed, 4), (again.Status, again.Steps));
        Assert.Equal(weight, model.Weight.ToArray());
    }

    private sealed class EpochWatcher(Action onEpoch) : ITrainingObserver
    {
        public List<EpochReport> Reports { get; } = [];

        public void OnEpoch(Trainer trainer, EpochReport report)
        {
            Reports.Add(report);
            onEpoch();
        }
    }
}
